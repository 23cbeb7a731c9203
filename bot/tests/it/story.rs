use crate::readme;
use testkit::db::TestDb;

#[tokio::test(flavor = "multi_thread")]
async fn the_main_job_end_to_end_as_the_readme_tells_it() {
    let db = TestDb::empty().await;
    let (sandbox, books) = mela_bot::story::play(&db.url).await.unwrap();
    assert!(books.contains("proof: empty"), "{books}");
    readme::keeps("transcript", &readme::excerpt(&mela_bot::story::transcript(&sandbox, &books)));
    sandbox.shutdown().await;
}

use testkit::db::TestDb;

#[tokio::test(flavor = "multi_thread")]
async fn the_main_job_end_to_end() {
    let db = TestDb::empty().await;
    let (sandbox, books) = mela_bot::story::play(&db.url).await.unwrap();
    assert!(books.contains("proof: empty"), "{books}");
    sandbox.shutdown().await;
}

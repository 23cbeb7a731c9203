use crate::world::{World, until};
use std::time::Duration;
use sea_orm::*;
#[tokio::test(flavor = "multi_thread")]
async fn zz_log() {
    tracing_subscriber::fmt().with_env_filter("info,sqlx=warn").with_ansi(false).with_writer(std::io::stderr).init();
    let world = World::new(&[("prune", "1s")]).await;
    let program = world.start().await;
    until("they run", async || world.outside.prunes() >= 2).await;
    let name = world.column("SELECT current_database()::text").await.remove(0);
    let mut options = ConnectOptions::new(world.test.url.replace(&name, "postgres"));
    options.max_connections(1).sqlx_logging(false);
    let elsewhere = Database::connect(options).await.unwrap();
    elsewhere.execute_unprepared(&format!("ALTER DATABASE \"{name}\" ALLOW_CONNECTIONS false")).await.unwrap();
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname =";
    elsewhere.execute_unprepared(&format!("{cut} '{name}'")).await.unwrap();
    eprintln!("AWAY");
    tokio::time::sleep(Duration::from_secs(6)).await;
    eprintln!("BACK");
    elsewhere.execute_unprepared(&format!("ALTER DATABASE \"{name}\" ALLOW_CONNECTIONS true")).await.unwrap();
    tokio::time::sleep(Duration::from_secs(12)).await;
    program.stop().await;
}

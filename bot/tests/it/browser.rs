//! A browser of one's own, for pages that are to be seen as people see them.

use serde_json::{Value, json};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A real Chromium with a profile of its own, driven by its own driver. It reaches this machine only.
pub(crate) struct Browser {
    driver: Child,
    client: reqwest::Client,
    session: String,
}

impl Browser {
    pub(crate) async fn open() -> Self {
        Self::with(json!({})).await
    }

    /// One with these preferences.
    pub(crate) async fn with(preferences: Value) -> Self {
        let started = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).kill_on_drop(true).spawn();
        let mut driver = started.expect("this test needs chromium and chromium-driver (apt-get install chromium chromium-driver)");
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = loop {
            let line = lines.next_line().await.unwrap().expect("chromedriver says its port");
            if let Some((_, port)) = line.split_once("on port ")
                && line.contains("started successfully")
            {
                break port.trim_end_matches('.').to_owned();
            }
        };
        tokio::spawn(async move { while lines.next_line().await.is_ok_and(|line| line.is_some()) {} });
        let client = reqwest::Client::new();
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--window-size=400,900",
            "--lang=en",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        ];
        let options = json!({ "args": arguments, "prefs": preferences });
        let wanted = json!({ "capabilities": { "alwaysMatch": { "goog:chromeOptions": options, "goog:loggingPrefs": { "browser": "ALL" } } } });
        let base = format!("http://127.0.0.1:{port}/session");
        let answer: Value = client.post(&base).json(&wanted).send().await.unwrap().json().await.unwrap();
        let id = answer["value"]["sessionId"].as_str().unwrap_or_else(|| panic!("{answer}"));
        Self { driver, client, session: format!("{base}/{id}") }
    }

    pub(crate) async fn ask(&self, what: &str, body: Value) -> Value {
        let answer: Value = self.client.post(format!("{}/{what}", self.session)).json(&body).send().await.unwrap().json().await.unwrap();
        assert!(answer["value"]["error"].is_null(), "{what}: {answer}");
        answer["value"].clone()
    }

    async fn get(&self, what: &str) -> Value {
        let answer: Value = self.client.get(format!("{}/{what}", self.session)).send().await.unwrap().json().await.unwrap();
        answer["value"].clone()
    }

    pub(crate) async fn go(&self, url: &str) {
        self.ask("url", json!({ "url": url })).await;
    }

    pub(crate) async fn run(&self, script: &str) -> Value {
        self.ask("execute/sync", json!({ "script": script, "args": [] })).await
    }

    /// A command of Chromium's own.
    pub(crate) async fn command(&self, name: &str, params: Value) {
        self.ask("goog/cdp/execute", json!({ "cmd": name, "params": params })).await;
    }

    pub(crate) async fn click(&self, css: &str) {
        let found = self.ask("element", json!({ "using": "css selector", "value": css })).await;
        let id = found.as_object().unwrap().values().next().unwrap().as_str().unwrap().to_owned();
        self.ask(&format!("element/{id}/click"), json!({})).await;
    }

    /// Waits until a script answers this.
    pub(crate) async fn until(&self, script: &str, wanted: &Value) {
        let mut found = Value::Null;
        for _ in 0..400 {
            found = self.run(script).await;
            if found == *wanted {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        panic!("{script}: {found}, wanted {wanted}");
    }

    /// The cookies of the page, also those that it cannot read.
    pub(crate) async fn cookies(&self) -> Vec<Value> {
        self.get("cookie").await.as_array().unwrap().clone()
    }

    pub(crate) async fn forget_cookies(&self) {
        self.client.delete(format!("{}/cookie", self.session)).send().await.unwrap();
    }

    /// What the console was told since the last look.
    pub(crate) async fn console(&self) -> Vec<Value> {
        self.ask("se/log", json!({ "type": "browser" })).await.as_array().unwrap().clone()
    }

    /// Keeps what is to be seen, in base64.
    pub(crate) async fn picture(&self, file: &str) {
        std::fs::write(file, self.get("screenshot").await.as_str().unwrap()).unwrap();
    }

    pub(crate) async fn close(mut self) {
        self.client.delete(&self.session).send().await.unwrap();
        self.driver.kill().await.unwrap();
    }
}

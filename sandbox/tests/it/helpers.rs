//! A bot made of bare HTTP calls.

use mela_sandbox::{Options, Sandbox};
use serde_json::{Value, json};

/// A grey PNG of 40 by 40 points; only its header is ever read.
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x28\0\0\0\x28\x08\0\0\0\0";

pub async fn sandbox() -> (Sandbox, Bot) {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let bot = Bot::new(&sandbox);
    (sandbox, bot)
}

#[derive(Clone)]
pub struct Bot {
    pub client: reqwest::Client,
    pub base: String,
}

impl Bot {
    pub fn new(sandbox: &Sandbox) -> Bot {
        Bot {
            client: reqwest::Client::builder().no_proxy().build().unwrap(),
            base: format!("{}/bot{}", sandbox.url(), sandbox.token()),
        }
    }

    /// Status and body of a call.
    pub async fn raw(&self, method: &str, params: Value) -> (u16, Value) {
        let request = self.client.post(format!("{}/{method}", self.base));
        let answer = request.json(&params).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// The result of a call that must succeed.
    pub async fn ok(&self, method: &str, params: Value) -> Value {
        let (status, body) = self.raw(method, params).await;
        assert_eq!((status, &body["ok"]), (200, &json!(true)), "{method}: {body}");
        body["result"].clone()
    }

    /// The description of a call that must be refused; status and `error_code` must agree.
    pub async fn no(&self, method: &str, params: Value) -> String {
        let (status, body) = self.raw(method, params).await;
        assert_eq!(body["ok"], false, "{method}: {body}");
        assert_eq!(body["error_code"], status, "{method}: {body}");
        body["description"].as_str().unwrap().to_owned()
    }

    pub async fn say(&self, chat: i64, text: &str) -> i64 {
        let sent = self.ok("sendMessage", json!({"chat_id": chat, "text": text})).await;
        sent["message_id"].as_i64().unwrap()
    }

    pub async fn updates(&self, params: Value) -> Vec<Value> {
        let found = self.ok("getUpdates", params).await;
        found.as_array().unwrap().clone()
    }

    /// Everything that waits, confirmed.
    pub async fn drain(&self) -> Vec<Value> {
        let found = self.updates(json!({})).await;
        if let Some(last) = found.last() {
            let offset = last["update_id"].as_i64().unwrap() + 1;
            self.updates(json!({"offset": offset})).await;
        }
        found
    }

    pub async fn upload(&self, method: &str, form: reqwest::multipart::Form) -> (u16, Value) {
        let request = self.client.post(format!("{}/{method}", self.base));
        let answer = request.multipart(form).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }
}

pub fn part(bytes: &[u8], name: &str) -> reqwest::multipart::Part {
    reqwest::multipart::Part::bytes(bytes.to_vec()).file_name(name.to_owned())
}

pub fn button(text: &str, data: &str) -> Value {
    json!({"inline_keyboard": [[{"text": text, "callback_data": data}]]})
}

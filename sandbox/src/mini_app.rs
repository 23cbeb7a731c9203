//! Mini Apps: what Telegram gives a page that is opened by a button, signed as Telegram signs it.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;
use url::form_urlencoded;

use crate::{Core, driver::Person, state::State};

/// What an older app calls itself: it has no store on the device.
const VERSION: &str = "8.0";

fn sign(key: &[u8], text: &str) -> Vec<u8> {
    // HMAC takes a key of any length.
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| Hmac::<Sha256>::new(&Default::default()));
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// As `encodeURIComponent` writes it.
fn escaped(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

impl State {
    /// The `initData` of a person who opens a Mini App now.
    pub fn init_data(&self, token: &str, person: i64) -> Option<String> {
        let mut user = self.people.get(&person)?.user();
        user["allows_write_to_pm"] = json!(true);
        user["photo_url"] = json!(format!("https://t.me/i/userpic/320/{person}.svg"));
        // Telegram escapes the slashes.
        let user = user.to_string().replace('/', "\\/");
        let date = self.now().timestamp().to_string();
        let query = format!("AAH{person}");
        let signature = hex::encode(sign(b"a third party's", &query));
        let fields = [("query_id", &query), ("user", &user), ("auth_date", &date), ("signature", &signature)];
        let mut lines = fields.map(|(name, value)| format!("{name}={value}"));
        lines.sort();
        let hash = hex::encode(sign(&sign(b"WebAppData", token), &lines.join("\n")));
        let pairs = fields.map(|(name, value)| format!("{name}={}", escaped(value)));
        Some(format!("{}&hash={hash}", pairs.join("&")))
    }
}

/// The address at which a person's browser opens a Mini App: with what the button's page is told, and where the page is in truth.
pub(crate) fn opened(core: &Core, person: i64, url: &str) -> Option<String> {
    let init_data = core.lock().init_data(&core.token, person)?;
    let inside = core.mini_apps.as_ref().and_then(|(outside, inside)| Some(format!("{inside}{}", url.strip_prefix(outside.as_str())?)));
    let theme = escaped("{}");
    Some(format!(
        "{}#tgWebAppData={}&tgWebAppVersion={VERSION}&tgWebAppPlatform=sandbox&tgWebAppThemeParams={theme}",
        inside.as_deref().unwrap_or(url),
        escaped(&init_data)
    ))
}

impl Person {
    /// What a Mini App is given by which this person proves who they are, signed now.
    ///
    /// # Panics
    /// There is no such person.
    pub fn init_data(&self) -> String {
        let core = self.sandbox().core();
        let data = core.lock().init_data(&core.token, self.id());
        data.unwrap_or_else(|| panic!("there is no person {}", self.id()))
    }
}

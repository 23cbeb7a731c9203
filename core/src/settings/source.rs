//! Where settings come from, and a clear sentence when one is wrong.

use super::Settings;
use crate::credentials::Vault;
use crate::withdrawals::vpa::Vpa;
use figment::error::{Actual, Kind};
use figment::providers::{Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const DEFAULTS: &str = include_str!("../../../settings.toml");
const PREFIX: &str = "MELA_";
/// Secrets, which only the environment knows: no settings, shown nowhere.
const SECRETS: [&str; 13] = [
    "credentials.key",
    "credentials.old_key",
    "credits.secret",
    "razorpay.key_id",
    "razorpay.key_secret",
    "razorpay.webhook_secret",
    "cashfree.key_id",
    "cashfree.key_secret",
    "cashfree.webhook_secret",
    "razorpayx.key_id",
    "razorpayx.key_secret",
    "razorpayx.webhook_secret",
    "razorpayx.account_number",
];

/// Where a setting's value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Built in.
    Default,
    /// settings.toml in the working directory.
    File,
    /// An admin changed it.
    Admin,
    /// An environment variable: fixed, not editable.
    Environment,
}

/// A setting is missing or wrong: says which key, where, what it got and what it wants.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SettingsError(pub String);

/// The layers below and above what an admin changed.
#[derive(Debug, Clone)]
pub struct Layers {
    file: Option<PathBuf>,
    fallback: BTreeMap<String, String>,
    environment: BTreeMap<String, String>,
    vault: Arc<Vault>,
    secrets: Arc<Secrets>,
}

/// What only the environment knows, by key. Never printed.
#[derive(Clone)]
struct Secrets(BTreeMap<String, String>);

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Values of one layer, named for error messages.
struct Layer<'a> {
    name: &'static str,
    values: &'a BTreeMap<String, String>,
}

impl Provider for Layer<'_> {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name).interpolater(|_, keys| keys.join("."))
    }

    fn data(&self) -> figment::Result<Map<Profile, Dict>> {
        let mut sections = Dict::new();
        for (key, value) in self.values {
            let (section, knob) = key.split_once('.').unwrap_or((key, ""));
            // Numbers stay numbers; everything else, and what would be a float (1e9, 27.90), stays the text it is.
            let value = value.parse::<i64>().map_or_else(|_| Value::from(value.clone()), Value::from);
            if let Value::Dict(_, knobs) = sections.entry(section.to_owned()).or_insert_with(|| Value::from(Dict::new())) {
                knobs.insert(knob.to_owned(), value);
            }
        }
        Ok(Map::from([(Profile::Default, sections)]))
    }
}

impl Layers {
    /// The built-in defaults, `settings.toml` in `folder` if it is there, and the `MELA_` variables among `environment`.
    ///
    /// # Errors
    /// A variable that names no setting; a key that is none.
    pub fn try_new(folder: &Path, environment: impl IntoIterator<Item = (String, String)>) -> Result<Self, SettingsError> {
        let file = folder.join("settings.toml");
        let known = keys();
        let (mut chosen, mut secrets) = (BTreeMap::new(), BTreeMap::new());
        for (variable, value) in environment {
            let Some(name) = variable.strip_prefix(PREFIX) else { continue };
            let key = name.to_ascii_lowercase().replacen("__", ".", 1);
            if SECRETS.contains(&key.as_str()) {
                // Empty is not set, as Compose passes on a variable that nobody set.
                secrets.extend((!value.trim().is_empty()).then_some((key, value)));
                continue;
            }
            if !known.contains(&key) {
                return Err(SettingsError(format!("{variable} in the environment names no setting; {}", nearest(&key, &known))));
            }
            chosen.insert(key, value);
        }
        let secret = |key: &str| secrets.get(key).map(String::as_str);
        let vault = Vault::try_new(secret("credentials.key"), secret("credentials.old_key")).map_err(|e| SettingsError(e.to_string()))?;
        Ok(Self {
            file: file.is_file().then_some(file),
            fallback: BTreeMap::new(),
            environment: chosen,
            vault: Arc::new(vault),
            secrets: Arc::new(Secrets(secrets)),
        })
    }

    /// A secret, where it is set: `razorpay.key_secret`.
    #[must_use]
    pub fn secret(&self, key: &str) -> Option<&str> {
        debug_assert!(SECRETS.contains(&key), "{key} is no secret");
        self.secrets.0.get(key).map(|secret| secret.trim())
    }

    /// The keys of what is sealed.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Values that hold where neither the file nor the environment says anything: what the sandbox fills in by itself.
    #[must_use]
    pub fn with_fallback(mut self, values: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        self.fallback = values.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        self
    }

    /// Whether the environment fixes this key.
    #[must_use]
    pub fn is_fixed(&self, key: &str) -> bool {
        self.environment.contains_key(key)
    }

    /// The settings, with what an admin changed (`key` to value).
    ///
    /// # Errors
    /// A key that is unknown or missing, or a value that is not what the key wants.
    pub fn read(&self, changed: &BTreeMap<String, String>) -> Result<Settings, SettingsError> {
        let settings: Settings = self.figment(changed).extract().map_err(|e| SettingsError(sentence(e)))?;
        let payee = &settings.upi.payee;
        if !payee.is_empty() && payee.parse::<Vpa>().is_err() {
            let got = format!("found \"{payee}\", wanted a UPI id such as shop@bank");
            return Err(SettingsError(format!("upi.payee: {got} (from {})", self.place("upi.payee", changed))));
        }
        if !settings.withdrawals.minimum.is_positive() {
            let got = format!("found {}, wanted more than ₹0", settings.withdrawals.minimum);
            return Err(SettingsError(format!("withdrawals.minimum: {got} (from {})", self.place("withdrawals.minimum", changed))));
        }
        if let Some((key, got)) = settings.commissions.contradiction() {
            return Err(SettingsError(format!("{key}: {got} (from {})", self.place(key, changed))));
        }
        let (withdrawals, tds) = (&settings.withdrawals, &settings.tds);
        let amounts = [
            ("withdrawals.most_per_day", withdrawals.most_per_day),
            ("withdrawals.most_per_month", withdrawals.most_per_month),
            ("withdrawals.second_person_above", withdrawals.second_person_above),
            ("tds.threshold", tds.threshold),
        ];
        if let Some((key, amount)) = amounts.into_iter().find(|(_, amount)| *amount < crate::money::Rupees::ZERO) {
            return Err(SettingsError(format!("{key}: found {amount}, wanted ₹0 or more (from {})", self.place(key, changed))));
        }
        let shop = &settings.shop;
        let needed = [("legal_name", &shop.legal_name), ("address", &shop.address), ("state", &shop.state), ("sac", &shop.sac)];
        if let Some((knob, _)) = needed.into_iter().find(|(_, value)| shop.gstin.get().is_some() && value.trim().is_empty()) {
            let got = format!("a tax invoice needs shop.{knob}, which is not set: set it first");
            return Err(SettingsError(format!("shop.gstin: {got} (from {})", self.place("shop.gstin", changed))));
        }
        let plan = &settings.plan;
        if plan.price < crate::money::Rupees::whole(1) || plan.cost < crate::money::Rupees::ZERO || plan.period_days == 0 || plan.screens == 0 {
            return Err(SettingsError("plan: wanted price of at least 1, cost of at least 0, period_days and screens of at least 1".to_owned()));
        }
        Ok(settings)
    }

    fn figment(&self, changed: &BTreeMap<String, String>) -> Figment {
        let mut figment = Figment::from(Toml::string(DEFAULTS));
        if let Some(file) = &self.file {
            figment = figment.merge(Toml::file_exact(file));
        }
        // An empty value says "not set", which the sandbox fills in.
        let unset = |figment: &Figment, key: &str| figment.find_value(key).is_ok_and(|v| v.as_str() == Some("") || v.to_i128() == Some(0));
        let filled: BTreeMap<_, _> = self.fallback.iter().filter(|(key, _)| unset(&figment, key)).map(|(k, v)| (k.clone(), v.clone())).collect();
        figment = figment.merge(Layer { name: "the sandbox", values: &filled });
        figment
            .merge(Layer { name: "what an admin changed", values: changed })
            .merge(Layer { name: "the environment", values: &self.environment })
    }

    /// Where a key's value comes from.
    #[must_use]
    pub fn origin(&self, key: &str, changed: &BTreeMap<String, String>) -> Origin {
        if self.is_fixed(key) {
            return Origin::Environment;
        }
        if changed.contains_key(key) {
            return Origin::Admin;
        }
        let from_file = self.file.as_ref().is_some_and(|file| Figment::from(Toml::file_exact(file)).contains(key));
        if from_file { Origin::File } else { Origin::Default }
    }

    fn place(&self, key: &str, changed: &BTreeMap<String, String>) -> String {
        match self.origin(key, changed) {
            Origin::Environment => format!("environment variable {}", variable(key)),
            Origin::Admin => "what an admin changed".to_owned(),
            Origin::File => self.file.as_ref().map_or_else(String::new, |file| file.display().to_string()),
            Origin::Default => "the built-in defaults".to_owned(),
        }
    }

    /// The sentence that says that a setting without which a real shop cannot work is missing.
    #[must_use]
    pub fn missing(&self, key: &str, wanted: &str) -> SettingsError {
        let (section, knob) = key.split_once('.').unwrap_or((key, ""));
        let file = self
            .file
            .as_ref()
            .map_or_else(|| "settings.toml (there is none in the working directory)".to_owned(), |f| f.display().to_string());
        SettingsError(format!("{key} is not set: wanted {wanted}; set `{knob}` in [{section}] of {file}, or {}", variable(key)))
    }
}

/// The variable that overrides a key.
#[must_use]
pub(super) fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.replacen('.', "__", 1).to_ascii_uppercase())
}

/// Every key there is, in the order of settings.toml's sections.
pub(super) fn keys() -> Vec<String> {
    let mut keys = Vec::new();
    let mut section = "";
    for line in DEFAULTS.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name;
        } else if let Some((knob, _)) = line.split_once(" = ").filter(|(knob, _)| !knob.starts_with('#')) {
            keys.push(format!("{section}.{knob}"));
        }
    }
    keys
}

fn nearest(key: &str, known: &[String]) -> String {
    let alike = |k: &&String| k.split('.').next_back() == key.split('.').next_back() || k.split('.').next() == key.split('.').next();
    let near: Vec<String> = known.iter().filter(alike).take(6).map(|k| variable(k)).collect();
    if near.is_empty() {
        "settings.toml lists the keys there are".to_owned()
    } else {
        format!("near it there are {}", near.join(", "))
    }
}

fn sentence(error: figment::Error) -> String {
    error
        .into_iter()
        .map(|e| {
            let key = e.path.join(".");
            let place = match e.metadata.as_ref() {
                Some(m) if m.name == "the environment" => format!("environment variable {}", variable(&key)),
                Some(m) => m.source.as_ref().map_or_else(|| m.name.to_string(), ToString::to_string),
                None => "settings.toml".to_owned(),
            };
            let key = if key.is_empty() { String::new() } else { format!("{key}: ") };
            format!("{key}{} (from {place})", found_and_wanted(&e.kind))
        })
        .collect::<Vec<_>>()
        .join("; ")
}

/// What was found and what is wanted, in a shopkeeper's words instead of Rust's.
fn found_and_wanted(kind: &Kind) -> String {
    let (Kind::InvalidType(found, wanted) | Kind::InvalidValue(found, wanted)) = kind else {
        return kind.to_string();
    };
    let found = match found {
        Actual::Str(text) => format!("\"{text}\""),
        Actual::Signed(number) => number.to_string(),
        Actual::Unsigned(number) => number.to_string(),
        other => other.to_string(),
    };
    let wanted = match wanted.as_str() {
        "i64" | "u16" | "u32" => "a whole number",
        "socket address" => "an address with a port such as 127.0.0.1:8090",
        other => other,
    };
    format!("found {found}, wanted {wanted}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layers(variables: &[(&str, &str)]) -> Result<Layers, SettingsError> {
        Layers::try_new(Path::new("/nowhere"), variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())))
    }

    fn wrong(variable: &str, value: &str) -> String {
        layers(&[(variable, value)]).and_then(|l| l.read(&BTreeMap::new())).unwrap_err().0
    }

    #[test]
    fn the_defaults_are_the_business_in_numbers() {
        let settings = layers(&[]).unwrap().read(&BTreeMap::new()).unwrap();
        assert_eq!(settings.plan.price.to_string(), "₹135");
        assert_eq!(settings.commissions.hold.to_string(), "24h");
        assert_eq!(settings.withdrawals.minimum.to_string(), "₹500");
    }

    #[test]
    fn the_environment_wins_and_a_wrong_value_is_named() {
        let settings = layers(&[("MELA_COMMISSIONS__HOLD", "3s"), ("MELA_COMMISSIONS__LEVEL1_PERCENT", "12.5"), ("MELA_SHOP__NAME", "420")]).unwrap();
        let changed = BTreeMap::from([("commissions.hold".to_owned(), "48h".to_owned()), ("withdrawals.minimum".to_owned(), "27.90".to_owned())]);
        let read = settings.read(&changed).unwrap();
        assert_eq!(read.commissions.hold.to_string(), "3s");
        assert_eq!(read.commissions.level1_percent.decimal().to_string(), "12.5");
        assert_eq!(read.withdrawals.minimum.to_string(), "₹27.90");
        assert_eq!(read.shop.name.as_str(), "420");
        assert_eq!(settings.origin("commissions.hold", &changed), Origin::Environment);
        assert_eq!(settings.origin("withdrawals.minimum", &changed), Origin::Admin);

        insta::assert_snapshot!([
            wrong("MELA_COMMISSIONS__HOLD", "soon"),
            wrong("MELA_COMMISSIONS__LEVEL1_PERCENT", "130"),
            wrong("MELA_WITHDRAWALS__MINIMUM", "500.555"),
            wrong("MELA_TELEGRAM__OWNER_ID", "asha"),
            wrong("MELA_UPI__PAYEE", "shop@gmail.com"),
            wrong("MELA_HTTP__LISTEN", "8090"),
            wrong("MELA_COMMISSION__HOLD", "3s"),
        ].join("\n"), @r#"
        commissions.hold: found "soon", wanted a duration from 1s to 3650d, such as 30s, 15m, 24h or 7d (from environment variable MELA_COMMISSIONS__HOLD)
        commissions.level1_percent: found 130, wanted a percentage from 0 to 100 (from environment variable MELA_COMMISSIONS__LEVEL1_PERCENT)
        withdrawals.minimum: found 500.555, wanted rupees such as 500 or 27.90: at most two decimals, below a million million (from environment variable MELA_WITHDRAWALS__MINIMUM)
        telegram.owner_id: found "asha", wanted a whole number (from environment variable MELA_TELEGRAM__OWNER_ID)
        upi.payee: found "shop@gmail.com", wanted a UPI id such as shop@bank (from environment variable MELA_UPI__PAYEE)
        http.listen: found 8090, wanted an address with a port such as 127.0.0.1:8090 (from environment variable MELA_HTTP__LISTEN)
        MELA_COMMISSION__HOLD in the environment names no setting; near it there are MELA_COMMISSIONS__HOLD
        "#);
    }
}

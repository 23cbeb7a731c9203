//! Which bank is which: by the headers of its alerts, by its branches' codes, by its name.

/// A bank as credits name it, the headers that its alerts come from, the beginning of its branches' codes (IFSC).
type Bank = (&'static str, &'static [&'static str], &'static str);

/// The headers are those that banks registered for service messages (DLT). What is missing is added by `credits.senders`.
const BANKS: [Bank; 40] = [
    ("HDFC", &["HDFCBK", "HDFCBN", "HDFCBANK", "HDFCAL"], "HDFC"),
    ("ICICI", &["ICICIB", "ICICIT", "ICICIO", "ICICIS", "ICICIN", "ICICBK", "ICIBNK", "ICICIBANK"], "ICIC"),
    (
        "SBI",
        &[
            "SBIUPI", "SBIINB", "SBIBNK", "SBIPSG", "ATMSBI", "CBSSBI", "SBISMS", "SBYONO", "SBIIMP", "SBINEF", "SBIACC", "SBIDGT", "SBIYON",
            "SBIMBS", "SBIATM", "SBIALT", "SBISRV",
        ],
        "SBIN",
    ),
    ("AXIS", &["AXISBK", "AXISBN", "AXISBANK", "AXISHR", "AXISIN", "AXISMB", "AXISBS"], "UTIB"),
    ("KOTAK", &["KOTAKB", "KOTAKM", "KOTKBK", "KOTBNK", "KMBANK", "KOTAKBANK", "KOTAK"], "KKBK"),
    ("PNB", &["PNBSMS", "PNBBNK", "PNBANK", "PNBINB", "PNBUPI", "PNBONE"], "PUNB"),
    ("BOB", &["BOBSMS", "BOBTXN", "BOBBNK", "BOBUPI", "BOBANK", "BARBNK", "BOBONE", "BOBMSG"], "BARB"),
    ("CANARA", &["CANBNK", "CNRBNK", "CANARA", "CANMNY", "CANUPI", "CANBKS", "CANARB"], "CNRB"),
    ("UNION", &["UNIONB", "UBINBK", "UBIBNK", "UNIONBANK", "UBOIBK", "UNBANK", "UBOIIN"], "UBIN"),
    ("INDUSIND", &["INDUSB", "INDUSL", "INDUSI", "IINDUS", "INDUSIND"], "INDB"),
    ("YES", &["YESBNK", "YESBK", "YESBANK", "YESBKL", "YESUPI"], "YESB"),
    ("IDFC", &["IDFCFB", "IDFCBK", "IDFCFIRST", "IDFCFR", "IDFCBN"], "IDFB"),
    ("FEDERAL", &["FEDBNK", "FEDFIB", "FEDBANK", "FEDSMS", "FEDMOB", "FEDUPI"], "FDRL"),
    ("INDIAN", &["INDBNK", "INDBMK", "INDIAN", "INDBAK", "INDNBK"], "IDIB"),
    ("BOI", &["BOIIND", "BOISMS", "BOIBNK", "BKIIND", "BOISTR"], "BKID"),
    ("IOB", &["IOBCHN", "IOBBNK", "IOBSMS", "IOBANK"], "IOBA"),
    ("CENTRAL", &["CENTBK", "CBIBNK", "CBOIND", "CENTBN", "CBISMS"], "CBIN"),
    ("UCO", &["UCOBNK", "UCOBK", "UCOSMS"], "UCBA"),
    ("MAHARASHTRA", &["MAHABK", "BOMBNK", "MAHBNK", "BOMSMS"], "MAHB"),
    ("PSB", &["PSBANK", "PSBBNK", "PSBSMS"], "PSIB"),
    ("IDBI", &["IDBIBK", "IDBIBN", "IDBBNK"], "IBKL"),
    ("RBL", &["RBLBNK", "RBLBK", "RBLBAN"], "RATN"),
    ("BANDHAN", &["BDNSMS", "BANDHN", "BNDHAN", "BANDBK"], "BDBL"),
    ("AU", &["AUBANK", "AUBSMS", "AUSFBK", "AUSFNB", "AUBNKS"], "AUBL"),
    ("SOUTHINDIAN", &["SIBSMS", "SIBBNK", "SIBANK"], "SIBL"),
    ("KVB", &["KVBANK", "KVBSMS", "KVBUPI"], "KVBL"),
    ("KARNATAKA", &["KBLBNK", "KTKBNK", "KARBNK", "KBLSMS"], "KARB"),
    ("CUB", &["CUBANK", "CUBSMS", "CUBLTD"], "CIUB"),
    ("DCB", &["DCBBNK", "DCBANK"], "DCBL"),
    ("JK", &["JKBANK", "JKBSMS", "JKBNKS"], "JAKA"),
    ("TMB", &["TMBANK", "TMBSMS", "TMBLTD"], "TMBL"),
    ("DBS", &["DBSBNK", "DBSBIN", "DIGIBK", "DIGIBN"], "DBSS"),
    ("HSBC", &["HSBCIN", "HSBCBK"], "HSBC"),
    ("SCB", &["SCBANK", "SCBNKS", "SCBIND"], "SCBL"),
    ("EQUITAS", &["EQUTAS", "EQTSBK", "EQUITS"], "ESFB"),
    ("UJJIVAN", &["UJJIVN", "UJVNBK", "UJJVBK"], "UJVN"),
    ("PAYTM", &["PAYTMB", "IPAYTM", "PYTMPB", "PAYTBK", "PTMBNK", "PAYTMP"], "PYTM"),
    ("AIRTEL", &["AIRBNK", "AIRPBL", "AIRTPB", "ARTLPB", "APBANK", "AIRTBK"], "AIRP"),
    ("INDIAPOST", &["IPBMSG", "IPPBNK", "IPBANK", "IPPBMS"], "IPOS"),
    ("JIO", &["JIOPBS", "JIOPBK", "JIOBNK", "JIOPAY"], "JIOP"),
];

/// Who sent an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sender {
    /// A bank, by its header.
    Bank(String),
    /// A bank, in a message by which it advertises.
    Advertising,
    /// A telephone number: a person.
    Person,
    /// A header that is no bank's here.
    Unknown(String),
}

/// Reads a sender: `VM-HDFCBK`, `AX-SBIUPI-S`. `more` are banks of the settings, as `HEADER=BANK`.
#[must_use]
pub fn sender(from: &str, more: &[(String, String)]) -> Sender {
    let from = from.trim().to_ascii_uppercase();
    if from.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')' | '.')) {
        return Sender::Person;
    }
    let mut parts = from.split('-').map(str::trim);
    let (operator, header, suffix, rest) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next(), parts.next());
    // Whoever sends from abroad can call themselves what they like, but not with an Indian operator before it.
    let is_header = operator.len() == 2
        && operator.bytes().all(|b| b.is_ascii_alphabetic())
        && suffix.is_none_or(|suffix| matches!(suffix, "S" | "T" | "P" | "G"))
        && rest.is_none();
    let known = BANKS.iter().find(|(_, headers, _)| headers.contains(&header)).map(|(bank, ..)| (*bank).to_owned());
    let known = known.or_else(|| more.iter().find(|(name, _)| name == header).map(|(_, bank)| bank.clone()));
    match known {
        Some(_) if is_header && suffix == Some("P") => Sender::Advertising,
        Some(bank) if is_header => Sender::Bank(bank),
        _ => Sender::Unknown(from),
    }
}

/// The bank of a branch whose code stands in a text.
pub(super) fn by_branch(text: &str) -> Option<&'static str> {
    static BRANCH: super::words::Pattern = super::words::Pattern::new(r"\b(?P<bank>[a-z]{4})0[0-9a-z]{6}\b");
    BRANCH.all(text).find_map(|found| {
        let code = found.name("bank")?.as_str().to_ascii_uppercase();
        BANKS.iter().find(|(.., ifsc)| *ifsc == code).map(|(bank, ..)| *bank)
    })
}

/// A bank's name as credits have it, from what people write: `hdfc bank`, `State Bank of India`. A bank that is not known is its letters and digits.
#[must_use]
pub fn named(text: &str) -> Option<String> {
    let upper = text.to_ascii_uppercase();
    let word: String = upper.split_whitespace().filter(|word| !matches!(*word, "BANK" | "LTD" | "LIMITED" | "LTD.")).collect();
    let word: String = word.chars().filter(char::is_ascii_alphanumeric).collect();
    let long = [
        ("STATEOFINDIA", "SBI"),
        ("OFBARODA", "BOB"),
        ("PUNJABNATIONAL", "PNB"),
        ("KOTAKMAHINDRA", "KOTAK"),
        ("UNIONOFINDIA", "UNION"),
        ("OFINDIA", "BOI"),
        ("IDFCFIRST", "IDFC"),
        ("OFMAHARASHTRA", "MAHARASHTRA"),
    ];
    let word = long.iter().find(|(name, _)| *name == word).map_or(word, |(_, bank)| (*bank).to_owned());
    (2..=20).contains(&word.len()).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_banks_headers_are_believed() {
        let more = [("GRBANK".to_owned(), "GRAMIN".to_owned())];
        for (from, bank) in [
            ("VM-HDFCBK", "HDFC"),
            ("AX-SBIUPI-S", "SBI"),
            ("JD-ICICIT", "ICICI"),
            ("jm-icicit-t", "ICICI"),
            ("AD-AXISBK-G", "AXIS"),
            ("BZ-KOTAKB-S", "KOTAK"),
            (" VK-PNBSMS ", "PNB"),
            ("VM-GRBANK-S", "GRAMIN"),
            ("CP-AIRBNK", "AIRTEL"),
        ] {
            assert_eq!(sender(from, &more), Sender::Bank(bank.into()), "{from}");
        }
        assert_eq!(sender("VM-HDFCBK-P", &more), Sender::Advertising);
        for from in ["+919812345678", "9812345678", "98123 45678", "", "56767", "+1 (555) 010-1234"] {
            assert_eq!(sender(from, &more), Sender::Person, "{from}");
        }
        for from in ["HDFCBK", "V1-HDFCBK", "VM-HDFCBK-X", "VM-HDFCBK-S-S", "VM-HDFCBK1", "VM-FRAUD", "HDFC Bank", "VM-HDFCB K", "+91HDFCBK"] {
            assert!(matches!(sender(from, &more), Sender::Unknown(_)), "{from}");
        }
    }

    #[test]
    fn names_as_people_write_them() {
        for (text, bank) in [
            ("hdfc", "HDFC"),
            ("HDFC Bank Ltd", "HDFC"),
            ("State Bank of India", "SBI"),
            ("kotak mahindra bank", "KOTAK"),
            ("My-Bank", "MY"),
        ] {
            let found = named(text);
            assert!(found.as_deref() == Some(bank) || text == "My-Bank" && found.as_deref() == Some("MYBANK"), "{text}: {found:?}");
        }
        assert_eq!(named("x"), None);
        assert_eq!(by_branch("IFSC : KKBK0001234"), Some("KOTAK"));
        assert_eq!(by_branch("near ICICI"), None);
    }

    #[test]
    fn a_header_is_one_banks() {
        let mut all: Vec<_> = BANKS.iter().flat_map(|(_, headers, _)| headers.iter()).collect();
        let number = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), number);
    }
}

use super::*;
use crate::settings::{Layers, Mapping};
use crate::sheet::{self, Limits};
use std::collections::BTreeMap;
use std::path::Path;

fn mapping(knobs: &[(&str, &str)]) -> Mapping {
    let variables = knobs.iter().map(|(knob, value)| (format!("MELA_STATEMENT__{knob}"), (*value).to_owned()));
    Layers::try_new(Path::new("/nowhere"), variables).unwrap().read(&BTreeMap::new()).unwrap().statement
}

fn read_with(text: &str, named: Option<&str>, mapping: &Mapping) -> Result<Statement, NotAStatement> {
    let sheet = sheet::read("statement.csv", text.as_bytes(), Limits::for_bytes(5_000_000)).unwrap();
    read(&sheet, named, mapping, chrono_tz::Asia::Kolkata)
}

fn bank(text: &str) -> Result<Statement, NotAStatement> {
    read_with(text, None, &mapping(&[]))
}

/// `row reference amount payer vpa time`, a credit in a line.
fn told(statement: &Statement) -> Vec<String> {
    let line = |(row, seen): &(usize, Seen)| {
        let at = seen.at.with_timezone(&chrono_tz::Asia::Kolkata).format("%d %H:%M");
        let reference = if seen.bank_ref.contains("/row-") { "row" } else { &seen.bank_ref };
        format!(
            "{row} {reference} {} {} {} {at}{}",
            seen.amount.plain(),
            seen.payer,
            seen.vpa.as_deref().unwrap_or("-"),
            if seen.by_day { " by day" } else { "" }
        )
    };
    statement.credits.iter().map(line).collect()
}

#[test]
fn hdfc_with_a_preamble_rules_split_narrations_and_a_summary() {
    let text = "HDFC BANK Ltd.,,,,,Page No .: 1,Statement of accounts\n\
        MR RAVI KUMAR,,,,,,\n\
        ,,,,,,\n\
        Statement From : 01/11/2026 To : 21/11/2026,,,,,,\n\
        ********,**********,******,******,*****,*****,*****\n\
        Date,Narration,Chq./Ref.No.,Value Dt,Withdrawal Amt.,Deposit Amt.,Closing Balance\n\
        ********,**********,******,******,*****,*****,*****\n\
        20/11/26,UPI-ASHA PATEL-ASHA@YBL-HDFC0001234-4123456,0000412345678901,20/11/26,,\"1,35,000.00\",\"1,36,000.00\"\n\
        ,78901-NOTE 999999999999,,,,,\n\
        20/11/26,UPI-SHOP-SHOP@OKAXIS-UTIB0000001-412345678902-PAID,0000412345678902,20/11/26,\"1,000.00\",,\"1,35,000.00\"\n\
        21/11/26,UPI-BINA R-BINA.R@OKSBI-SBIN0001234-632512345678,0000000000000000,21/11/26,,135.00,\"1,35,135.00\"\n\
        21/11/26,NEFT CR-SBIN0001234-ACME LTD-RAVI-SBINN52026112112345678,SBINN52026112112345678,21/11/26,,500,\"1,35,635.00\"\n\
        21/11/26,CASH DEPOSIT BY SELF,,21/11/26,,200.00,\"1,35,835.00\"\n\
        21/11/26,REV-UPI-412345678903-FAILED,0000412345678903,21/11/26,,50.00,\"1,35,885.00\"\n\
        ,,,,,,\n\
        STATEMENT SUMMARY :-,,,,,,\n\
        Opening Balance,Dr Count,Cr Count,Debits,Credits,Closing Bal,\n\
        \"1,000.00\",1,4,\"1,000.00\",\"1,35,885.00\",\"1,35,885.00\",\n\
        Generated On: 21-Nov-2026,,,,,,\n";
    let statement = bank(text).unwrap();
    assert_eq!(statement.bank, "HDFC");
    assert_eq!((statement.from.to_string(), statement.through.to_string()), ("2026-11-01".into(), "2026-11-21".into()));
    assert_eq!(statement.closing.map(|c| c.to_string()), Some("₹1,35,885".into()));
    assert_eq!(
        told(&statement),
        [
            "8 HDFC/412345678901 135000.00 ASHA PATEL asha@ybl 20 12:00 by day",
            "11 HDFC/632512345678 135.00 BINA R bina.r@oksbi 21 12:00 by day",
            "12 HDFC/SBINN52026112112345678 500.00 ACME LTD - 21 12:00 by day",
            "13 row 200.00  - 21 12:00 by day",
        ]
    );
    assert_eq!((statement.debits, statement.returned, statement.bad), (1, 1, vec![]));
}

#[test]
fn the_other_banks_are_known_by_their_columns() {
    let icici = bank(
        "Account,XXXX1234\nS No.,Value Date,Transaction Date,Cheque Number,Transaction Remarks,Withdrawal Amount (INR ),Deposit Amount (INR ),Balance (INR )\n\
         1,21/11/2026,20/11/2026,-,UPI/412345678901/for plan/ravi@okhdfc/HDFC BANK,0.0,135.0,1135.0\n\
         2,21/11/2026,21/11/2026,-,UPI/412345678902/x/shop@ybl/YES,100.0,0.0,1035.0\n",
    )
    .unwrap();
    assert_eq!(
        (icici.bank.as_str(), told(&icici), icici.debits),
        ("ICICI", vec!["3 ICICI/412345678901 135.00  ravi@okhdfc 20 12:00 by day".to_owned()], 1)
    );

    let sbi = bank(
        "Account Name\t:\tRAVI\nAddress\t:\tMG Road, Pune, 411001\n\nTxn Date\tValue Date\tDescription\tRef No./Cheque No.\tDebit\tCredit\tBalance\n\
         21 Nov 2026\t21 Nov 2026\tBY TRANSFER-UPI/CR/632512345678/RAVI KUM/YESB/ravi@ybl/Paym--\tTRANSFER FROM 4897690162092\t \t135.00\t1,135.00\n\
         21 Nov 2026\t21 Nov 2026\tBY TRANSFER-INB plan--\tTRANSFER FROM 4897690162092\t \t135.00\t1,270.00\n",
    )
    .unwrap();
    assert_eq!(
        (sbi.bank.as_str(), told(&sbi)),
        (
            "SBI",
            vec!["5 SBI/632512345678 135.00 RAVI KUM ravi@ybl 21 12:00 by day".to_owned(), "6 row 135.00  - 21 12:00 by day".to_owned()]
        )
    );

    let axis = bank(
        "Transaction Date,Particulars,Cheque No.,Dr/Cr,Amount,Balance\n21-11-2026,UPI/P2A/412345678901/RAVI KUMAR/YBL/plan,,CR,135.00,1135.00\n\
         21-11-2026,UPI/P2M/412345678902/SHOP/,,DR,35.00,1100.00\n,TRANSACTION TOTAL,,,\"170.00\",\n,CLOSING BALANCE,,,,1100.00\n",
    )
    .unwrap();
    assert_eq!(
        (axis.bank.as_str(), told(&axis), axis.bad.len()),
        ("AXIS", vec!["2 AXIS/412345678901 135.00 RAVI KUMAR - 21 12:00 by day".to_owned()], 0)
    );

    let kotak = bank(
        "Date,Description,Ref No.,Debit,Credit,Balance\n21-Nov-2026,UPI/RAVI KUMAR/412345678901/plan,UPI-412345678901,,135.00,\"1,135.00\"\n\
         Total,,,,135.00,\n",
    )
    .unwrap();
    assert_eq!(
        (kotak.bank.as_str(), told(&kotak)),
        ("KOTAK", vec!["2 KOTAK/412345678901 135.00 RAVI KUMAR - 21 12:00 by day".to_owned()])
    );

    let marked = bank(
        "Sl. No.,Date,Description,Chq / Ref number,Amount,Dr / Cr,Balance,Dr / Cr\n1,21-11-2026,UPI/RAVI/412345678901/x,UPI-412345678901,135.00,CR,\"1,135.00\",CR\n",
    )
    .unwrap();
    assert_eq!((marked.bank.as_str(), told(&marked)), ("KOTAK", vec!["2 KOTAK/412345678901 135.00 RAVI - 21 12:00 by day".to_owned()]));
}

#[test]
fn a_bank_is_named_by_who_sends_it_its_branch_or_nobody() {
    let text = "Txn Date,Description,Debit,Credit,Balance\n21-11-2026,UPI/412345678901/RAVI,,135.00,135.00\n";
    assert_eq!(bank(text), Err(NotAStatement::Bank));
    assert_eq!(read_with(text, Some("Punjab National Bank"), &mapping(&[])).unwrap().credits[0].1.bank_ref, "PNB/412345678901");
    assert_eq!(bank(&format!("IFSC Code :,PUNB0123400\n{text}")).unwrap().bank, "PNB");
    assert_eq!(bank("a,b\n1,2\n"), Err(NotAStatement::Header(vec!["a".into(), "b".into()])));
    let empty = "Date,Narration,Chq./Ref.No.,Value Dt,Withdrawal Amt.,Deposit Amt.,Closing Balance\n";
    assert_eq!(bank(empty), Err(NotAStatement::NoRows));
}

#[test]
fn a_foreign_shape_is_mapped() {
    let text = "When,What,In,Out,Left\n11/21/2026,UPI 412345678901,135.00,,1000\n";
    assert!(matches!(bank(text), Err(NotAStatement::Header(found)) if found == ["When", "What", "In", "Out", "Left"]));
    let knobs = [
        ("BANK", "gramin"),
        ("DATE", "when"),
        ("NARRATION", "What"),
        ("CREDIT", "In"),
        ("DEBIT", "Out"),
        ("BALANCE", "Left"),
        ("DATE_FORMAT", "mdy"),
    ];
    let read = read_with(text, None, &mapping(&knobs)).unwrap();
    assert_eq!(
        (told(&read), read.closing.map(|c| c.plain())),
        (vec!["2 GRAMIN/412345678901 135.00  - 21 12:00 by day".to_owned()], Some("1000.00".into()))
    );
    let one = mapping(&[("BANK", "GRAMIN"), ("DATE", "When"), ("NARRATION", "What"), ("AMOUNT", "Sum")]);
    let read = read_with("When,What,Sum\n21/11/2026,in,135\n21/11/2026,out,-35\n", None, &one).unwrap();
    assert_eq!((read.credits.len(), read.debits), (1, 1));
    // A shape that is known needs no mapping, though there is one.
    assert_eq!(read_with("Date,Description,Ref No.,Debit,Credit,Balance\n21/11/2026,x,,,1,1\n", None, &one).unwrap().credits.len(), 1);
}

#[test]
fn bad_rows_are_named_and_the_others_are_read() {
    let statement = bank(
        "Date,Description,Ref No.,Debit,Credit,Balance\n\
         01/11/2026,OPENING BALANCE,,,,100.00\n\
         11/21/2026,month first,,,135.00,235.00\n\
         21/11/2026,one comma too many,,,1,35,135\n\
         21/11/2026,lakhs,,,\"1,35\",1\n\
         21/11/2026,both,,5,6,1\n\
         21/11/2026,nothing,,,0.00,1\n\
         ,no day,,,135,1\n\
         21/11/2026 11:05:33 AM,UPI/412345678901/RAVI,,,₹ 135.5 Cr,1 Cr\n\
         21/11/2026,below zero,,,-5,1\n\
         21/11/2026,fine,,,135.555,1\n\
         ,,,5,135,\n\
         Page Total,,,5,135,\n\
         Date,Description,Ref No.,Debit,Credit,Balance\n\
         This is a computer generated statement,,,,,\n",
    )
    .unwrap();
    assert_eq!(told(&statement), ["9 KOTAK/412345678901 135.50 RAVI - 21 11:05"]);
    let bad: Vec<_> = statement.bad.iter().map(|(row, why)| format!("{row} {why}")).collect();
    assert_eq!(
        bad,
        [
            "3 \"11/21/2026\" is no day",
            "4 there is more than the columns hold: a comma without quotes",
            "5 \"1,35\" is no amount",
            "6 money both came in and went out",
            "7 nothing came in or went out",
            "8 there is no day",
            "10 \"-5\" is no amount",
            "11 \"135.555\" is no amount",
        ]
    );
}

#[test]
fn rows_without_a_reference_are_the_same_in_every_file_that_has_them() {
    let head = "Date,Description,Ref No.,Debit,Credit,Balance\n";
    let rows = [
        "20/11/2026,CASH,,,135,135",
        "21/11/2026,CASH,,,135,270",
        "21/11/2026,CASH,,135,,135",
        "21/11/2026,CASH,,,135,270",
        "21/11/2026,\"TIP\",,,5,275",
    ];
    let refs = |rows: &[&str]| {
        let mut refs: Vec<_> = bank(&format!("{head}{}\n", rows.join("\n"))).unwrap().credits.into_iter().map(|(_, seen)| seen.bank_ref).collect();
        refs.sort();
        refs
    };
    let whole = refs(&rows);
    assert_eq!(whole.iter().collect::<std::collections::BTreeSet<_>>().len(), 4, "two are alike to the letter, and two all the same");
    let mut turned = rows;
    turned.reverse();
    assert_eq!(refs(&turned), whole);
    assert!(refs(&rows[1..]).iter().all(|reference| whole.contains(reference)));
    let no_balance = |narration: &str| {
        bank(&format!("Date,Description,Ref No.,Debit,Credit,Balance\n21/11/2026,{narration},,,5,\n")).unwrap().credits[0]
            .1
            .bank_ref
            .clone()
    };
    assert_eq!(no_balance("cash  at desk"), no_balance("CASH AT DESK"));
    assert_ne!(no_balance("cash at desk"), no_balance("cash at door"));
}

#[test]
fn the_end_balance_is_that_of_the_newest_row() {
    let closing = |rows: &str| bank(&format!("Date,Description,Ref No.,Debit,Credit,Balance\n{rows}")).unwrap().closing.map(Rupees::plain);
    assert_eq!(closing("20/11/2026,a,,,10,110\n21/11/2026,b,,5,,105\n"), Some("105.00".into()));
    assert_eq!(closing("21/11/2026,b,,5,,105\n20/11/2026,a,,,10,110\n"), Some("105.00".into()));
    assert_eq!(closing("21/11/2026,b,,5,,105\n21/11/2026,a,,,10,110\n"), Some("105.00".into()), "within a day");
    assert_eq!(closing("21/11/2026,a,,,10,(90.00)\n21/11/2026,b,,5,,95.00Dr\n"), Some("-95.00".into()));
    assert_eq!(closing("21/11/2026,a,,,10,\n"), None);
}

#[test]
fn what_the_payer_writes_changes_nothing() {
    let one = |narration: &str| {
        let text =
            format!("Date,Narration,Chq./Ref.No.,Value Dt,Withdrawal Amt.,Deposit Amt.,Closing Balance\n21/11/26,{narration},,21/11/26,,135.00,1\n");
        let read = bank(&text).unwrap();
        (told(&read).into_iter().next(), read.returned)
    };
    let wanted = Some("2 HDFC/412345678901 135.00 RAVI ravi@ybl 21 12:00 by day".to_owned());
    for note in ["", "refund", "REVERSAL", "632512345678", "UPI-412345678902-X", "bina@ybl"] {
        assert_eq!(one(&format!("UPI-RAVI-ravi@ybl-HDFC0001234-412345678901-{note}")), (wanted.clone(), 0), "{note}");
    }
    assert_eq!(
        one("UPI-RAVI-412345678902@ybl-HDFC0001234-412345678901-x").0,
        Some("2 HDFC/412345678901 135.00 RAVI 412345678902@ybl 21 12:00 by day".into())
    );
    assert_eq!(
        one("UPI-RAVI K-98123-2@ybl-HDFC0001234-412345678901-x").0,
        Some("2 HDFC/412345678901 135.00 RAVI K 98123-2@ybl 21 12:00 by day".into())
    );
    assert!(one("UPI-REV JOHN-rev@ybl-HDFC0001234-412345678901-x").0.is_some(), "a name");
    assert_eq!(one("TRF FROM 123456789012 RAVI").0, Some("2 row 135.00  - 21 12:00 by day".into()), "an account");
    assert_eq!(one("UPI-REVERSAL-412345678901-x"), (None, 1));
}

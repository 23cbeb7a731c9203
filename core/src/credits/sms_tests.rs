use super::*;

/// `amount reference account payer vpa day time`, `-` for what is not told; or why it is none.
fn said(text: &str) -> String {
    match read(text) {
        Ok(alert) => {
            let or = |text: Option<String>| text.unwrap_or_else(|| "-".into());
            [
                alert.amount.plain(),
                or(alert.reference),
                or(alert.account),
                or(alert.payer),
                or(alert.vpa),
                or(alert.day.map(|day| day.to_string())),
                or(alert.time.map(|time| time.to_string())),
            ]
            .join("|")
        }
        Err(why) => format!("{why:?}"),
    }
}

fn all(texts: &[(&str, &str)]) {
    let wrong: Vec<_> = texts
        .iter()
        .filter(|(text, wanted)| said(text) != *wanted)
        .map(|(text, wanted)| format!("{text}\n  is  {}\n  not {wanted}", said(text)))
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), texts.len(), wrong.join("\n"));
}

#[test]
fn credits_of_many_banks() {
    all(&[
        (
            "Rs.135.00 credited to a/c XX1234 on 21-11-26 by a/c linked to VPA ravi@okhdfc (UPI Ref No 412345678901)",
            "135.00|412345678901|1234|-|ravi@okhdfc|2026-11-21|-",
        ),
        (
            "Credit Alert!\nRs.135.00 credited to HDFC Bank A/c XX1234 on 21-11-26 from VPA ravi@okhdfc (UPI 412345678901)",
            "135.00|412345678901|1234|-|ravi@okhdfc|2026-11-21|-",
        ),
        (
            "HDFC Bank: Rs. 135.00 credited to a/c XXXXXX1234 on 21-11-26 by a/c linked to mobile 9XXXXXX999 (IMPS Ref No. 412345678901).",
            "135.00|412345678901|1234|-|-|2026-11-21|-",
        ),
        (
            "Update! INR 1,35,000.00 deposited in HDFC Bank A/c XX1234 on 21-NOV-26 for NEFT Cr-SBIN0001234-ACME LTD-RAVI-SBINN52026112112345678.Avl bal INR 2,00,000.00. Cheque deposits in A/C are subject to clearing",
            "135000.00|SBINN52026112112345678|1234|-|-|2026-11-21|-",
        ),
        (
            "INR 135.00 credited to your account XX1234 on 21-Nov-26. Info: UPI/412345678901/RAVI KUMAR/ybl. Avl Bal INR 9,876.50",
            "135.00|412345678901|1234|RAVI KUMAR|-|2026-11-21|-",
        ),
        (
            "Dear Customer, Acct XX123 is credited with Rs 135.00 on 21-Nov-26 from RAVI KUMAR. UPI:412345678901-ICICI Bank.",
            "135.00|412345678901|123|RAVI KUMAR|-|2026-11-21|-",
        ),
        (
            "ICICI Bank Account XX123 credited:Rs. 50,000.00 on 21-Nov-26. Info NEFT-SBINN52026112112345678. Available Balance is Rs. 1,00,000.00.",
            "50000.00|SBINN52026112112345678|123|-|-|2026-11-21|-",
        ),
        (
            "We have credited your ICICI Bank Account XX123 with INR 500.00 on 21-Nov-26. Info:UPI-412345678901-RAVI. The Available Balance is INR 7,000.00",
            "500.00|412345678901|123|RAVI|-|2026-11-21|-",
        ),
        (
            "Dear SBI UPI User, ur A/cX1234 credited by Rs135 on 21Nov26 by  (Ref no 632512345678)",
            "135.00|632512345678|1234|-|-|2026-11-21|-",
        ),
        (
            "Dear SBI User, your A/c X1234-credited by Rs.135 on 21Nov26 transfer from RAVI KUMAR Ref No 632512345678 -SBI",
            "135.00|632512345678|1234|RAVI KUMAR|-|2026-11-21|-",
        ),
        (
            "Dear UPI user A/C X1234 credited by 135.0 on date 21Nov26 trf from RAVI Refno 632512345678. If not u? call 1800111109. -SBI",
            "135.00|632512345678|1234|RAVI|-|2026-11-21|-",
        ),
        (
            "Your A/C XXXXX1234 Credited INR 500.00 on 21/11/26 -Deposit by transfer from Mr. RAVI KUMAR. Avl Bal INR 1,500.00-SBI",
            "500.00|-|1234|RAVI KUMAR|-|2026-11-21|-",
        ),
        (
            "INR 135.00 credited\nA/c no. XX1234\n21-11-26, 11:05:33 IST\nUPI/P2A/412345678901/RAVI KUMAR/YBL - Axis Bank",
            "135.00|412345678901|1234|RAVI KUMAR|-|2026-11-21|11:05:33",
        ),
        (
            "INR 135.00 credited to A/c no. XX1234 on 21-11-26 at 11:05:33 IST. Info - UPI/P2A/412345678901/RAVI KUMAR. Chk Bal",
            "135.00|412345678901|1234|RAVI KUMAR|-|2026-11-21|11:05:33",
        ),
        (
            "Received Rs.135.00 in your Kotak Bank AC X1234 from ravi@ybl on 21-11-26.UPI Ref:412345678901.",
            "135.00|412345678901|1234|-|ravi@ybl|2026-11-21|-",
        ),
        (
            "Rs. 135.00 is credited to your Kotak Bank a/c XX1234 via IMPS from RAVI on 21/11/26. IMPS Ref No 412345678901",
            "135.00|412345678901|1234|RAVI|-|2026-11-21|-",
        ),
        (
            "Your a/c XX1234 is credited with INR 135.00 on 21-11-2026 11:05:33 thru UPI:412345678901. Aval Bal INR 1,000.00-PNB",
            "135.00|412345678901|1234|-|-|2026-11-21|11:05:33",
        ),
        (
            "Rs.135 Credited to A/c ...1234 thru UPI/412345678901 by ravi_k. Total Bal:Rs.1000CR. Avlbl Amt:Rs.1000(21-11-2026 11:05:01) - Bank of Baroda",
            "135.00|412345678901|1234|ravi_k|-|2026-11-21|11:05:01",
        ),
        (
            "Dear BOB UPI User: Your account is credited with INR 135.00 on 2026-11-21 11:05:33 AM by UPI Ref No 412345678901; AvlBal: Rs1000 - BOB",
            "135.00|412345678901|-|-|-|2026-11-21|11:05:33",
        ),
        (
            "An amount of INR 135.00 has been CREDITED to your account XXX123 on 21/11/2026. Total Avail.bal INR 1,000.00. - Canara Bank",
            "135.00|-|123|-|-|2026-11-21|-",
        ),
        (
            "Rs.135.00 has been credited to a/c XX123 on 21/11/26 by UPI Ref no 412345678901 from RAVI - Canara Bank",
            "135.00|412345678901|123|RAVI|-|2026-11-21|-",
        ),
        (
            "A/c *1234 Credited for Rs:135.00 on 21-11-2026 11:05:11 by Mob Bk ref no 412345678901 Avl Bal Rs:1000.00.Never Share OTP/PIN/CVV-Union Bank of India",
            "135.00|412345678901|1234|-|-|2026-11-21|11:05:11",
        ),
        (
            "A/C *XX1234 credited by Rs 135.00 from ravi@ybl. RRN:412345678901. Avl Bal:1000.00. Not you? Call 18602677777 - IndusInd Bank",
            "135.00|412345678901|1234|-|ravi@ybl|-|-",
        ),
        (
            "INR 135.00 credited to A/c XX1234 via UPI/412345678901/ravi@ybl on 21-11-2026 11:05. Bal INR 1,000.00 -Yes Bank",
            "135.00|412345678901|1234|-|ravi@ybl|2026-11-21|11:05:00",
        ),
        (
            "Your A/C XXXXXXX1234 is credited with INR 135.00 on 21/11/26 11:05. New bal: INR 1,000.00 CR. Team IDFC FIRST Bank",
            "135.00|-|1234|-|-|2026-11-21|11:05:00",
        ),
        (
            "Rs 135.00 credited to your A/c XX1234 via UPI on 21-NOV-2026 11:05:33. Ref no. 412345678901 -Federal Bank",
            "135.00|412345678901|1234|-|-|2026-11-21|11:05:33",
        ),
        (
            "You've received INR 135.00 in your Account XX1234. Woohoo! It was sent by ravi@okhdfc on November 21, 2026. -Federal Bank",
            "135.00|-|1234|-|ravi@okhdfc|2026-11-21|-",
        ),
        (
            "Rs.135 received in your Paytm Payments Bank a/c 91XX1234 from RAVI KUMAR. UPI Ref: 412345678901",
            "135.00|412345678901|1234|RAVI KUMAR|-|-|-",
        ),
        (
            "Rs.135.00 credited to your Airtel Payments Bank a/c XX1234 by ravi@ybl. Txn ID 412345678901. Bal:Rs.500",
            "135.00|412345678901|1234|-|ravi@ybl|-|-",
        ),
        ("₹135 credited to A/c **1234 on 21-11-2026. UPI Ref# 412345678901", "135.00|412345678901|1234|-|-|2026-11-21|-"),
        (
            "Money Received - INR 135.50 in your a/c XX1234 on 21-11-26. IMPS/412345678901/RAVI",
            "135.50|412345678901|1234|RAVI|-|2026-11-21|-",
        ),
        (
            "A/c XX1234 Cr. INR 135.5 on 21/11/26 UPI Ref 412345678901 credited. Bal INR 99,999.00",
            "135.50|412345678901|1234|-|-|2026-11-21|-",
        ),
        (
            "Avl Bal INR 5,000.00. INR 135 credited to a/c XX1234 on 21-11-26. UPI Ref No 412345678901",
            "135.00|412345678901|1234|-|-|2026-11-21|-",
        ),
        (
            "Rs 135.00 credited to A/c X1234 on 21Nov26. RRN 0000412345678901. If not done by you block your debit card",
            "135.00|412345678901|1234|-|-|2026-11-21|-",
        ),
        (
            "Rs.135.00 credited to a/c XX1234 on 21-11-26 from VPA ravi@ybl (UPI Ref No 412345678901). Cashback of Rs.10 will be credited soon",
            "135.00|412345678901|1234|-|ravi@ybl|2026-11-21|-",
        ),
        ("Interest of Rs.12.00 credited to your A/c XX1234 on 30-09-26", "12.00|-|1234|-|-|2026-09-30|-"),
    ]);
}

#[test]
fn what_is_no_credit() {
    all(&[
        (
            "Rs.135.00 debited from a/c **1234 on 21-11-26 to VPA ravi@ybl(UPI Ref No 412345678901). Not you? Call 18002586161",
            "Debit",
        ),
        (
            "ICICI Bank Acct XX123 debited for Rs 500.00 on 21-Nov-26; RAVI KUMAR credited. UPI:412345678901. Call 18002662 for dispute.",
            "Debit",
        ),
        ("Rs 500 debited from A/c XX1234 and credited to ravi@ybl (UPI Ref no 412345678901)", "Debit"),
        ("Sent Rs.500.00 From HDFC Bank A/C *1234 To RAVI On 21/11/26 Ref 412345678901", "Debit"),
        ("Dear UPI user A/C X1234 debited by 20.0 on date 21Nov26 trf to RAVI Refno 632512345678. -SBI", "Debit"),
        (
            "Dear Customer, your NEFT of Rs 5,000 with UTR SBINN52026112112345678 has been credited to beneficiary RAVI on 21-11-26",
            "Debit",
        ),
        ("INR 500 spent on Card XX1234 at AMAZON on 21-11-26", "Debit"),
        ("Rs.135.00 will be credited to your a/c XX1234 within 24 hours", "Promise"),
        ("Your salary of Rs 50,000 is to be credited to A/c XX1234 on 30-11-26", "Promise"),
        ("Rs 135 could not be credited to a/c XX1234. UPI Ref No 412345678901", "Promise"),
        ("Rs 135 shall soon be credited in your account XX1234", "Promise"),
        ("Your refund of Rs 499 has been initiated and will be credited to A/c XX1234 in 5 days", "Promise"),
        ("123456 is your OTP to credit Rs 135.00 to a/c XX1234. Do not share it.", "Otp"),
        ("OTP is 483920 for txn of INR 135.00 credited on a/c XX1234", "Otp"),
        ("Get Rs 50,000 credited in your a/c XX1234 in 10 seconds! Apply now", "Offer"),
        ("Congratulations! Pre-approved loan of Rs.5,00,000 can be credited to your A/c. Click bit.ly/x", "Offer"),
        ("Rs 5,00,000 personal loan credited instantly in your A/c XX1234. Apply: x.in", "Offer"),
        ("Avl bal in A/c XX1234 is INR 1,000.00 CR as on 21-11-26", "Balance"),
        ("ravi@ybl has requested Rs 135.00 from you on Google Pay. On approving, it moves", "Request"),
        ("Payment of Rs 5,000.00 received on your ICICI Bank Credit Card XX1234 on 21-NOV-26. Thank you.", "Bill"),
        ("Dear Cardmember, payment of INR 5,000 received on 21-11-26 for card ending 1234. Ref 412345678901", "Bill"),
        ("Rs 500 debited on 21-11-26 for failed UPI txn 412345678901 is reversed to A/c XX1234", "Reversal"),
        ("UPI txn 412345678901 failed: Rs 500 credited back to A/c XX1234", "Reversal"),
        ("Your a/c XX1234 is credited with Rs 500 on 21-11-26 towards reversal of UPI Ref 412345678901", "Reversal"),
        ("Cheque no 123456 for Rs 5,000 deposited in A/c XX1234, subject to realisation", "Promise"),
        ("USD 10 credited to A/c XX1234 on 21-11-26", "NoAmount"),
        ("Rs 0.00 credited to A/c XX1234 on 21-11-26", "NoAmount"),
        ("Rs 1,35 credited to A/c XX1234 on 21-11-26", "NoAmount"),
        ("Rs 135 credited", "NoAccount"),
        ("Payment of Rs 500 received by Airtel. Ref 412345678901", "NoAccount"),
        ("Your credit card limit is increased", "Other"),
        ("", "Other"),
    ]);
}

#[test]
fn nothing_that_is_sent_stops_the_reader() {
    let longest = "Rs.1 credited to a/c XX1 ".repeat(2_000);
    for text in [
        longest.as_str(),
        "₹",
        "credited ₹",
        "₹ ₹ ₹credited",
        "क्रेडिट ₹135 credited a/c XX1234",
        "credited by",
        "\u{0}\u{200b}credited\u{a0}Rs",
    ] {
        let _ = read(text);
    }
    let mut cut = "₹1,35,000.00 credited to a/c XX1234 on 21-11-26 from दोस्त (UPI Ref No 412345678901) é".to_owned();
    while cut.pop().is_some() {
        let _ = read(&cut);
    }
}

#[test]
fn more_credits_in_the_words_of_banks() {
    all(&[
        (
            "Dear Customer, INR 1,35,000.00 credited to your A/c No XX1234 on 21/11/2026 through NEFT with UTR SBINN52026112112345678 by RAVI KUMAR, INFO: plan-SBI",
            "135000.00|SBINN52026112112345678|1234|RAVI KUMAR|-|2026-11-21|-",
        ),
        (
            "Dear SBI Customer, Your A/C ending 1234 has been credited for INR 135 on 21-11-26 by UPI Ref No. 412345678901",
            "135.00|412345678901|1234|-|-|2026-11-21|-",
        ),
        (
            "Your a/c no. XXXXXXXX1234 is credited by Rs.135.00 on 21-Nov-26 by a/c linked to mobile 8XXXXXX999-RAVI KUMAR (IMPS Ref no 632512345678).If not done by you, call 1800111109.-SBI",
            "135.00|632512345678|1234|-|-|2026-11-21|-",
        ),
        (
            "Dear Customer, your ICICI Bank Account XX123 has been credited with INR 135.00 on 21-Nov-26. Info: IMPS*412345678901*RAVI. The Available Balance is INR 1,000.00.",
            "135.00|412345678901|123|-|-|2026-11-21|-",
        ),
        (
            "ICICI Bank Acct XX123 is credited with Rs 135.00 on 21-Nov-26 by Account linked to mobile number XXXXX43210. IMPS Ref. no. 412345678901.",
            "135.00|412345678901|123|-|-|2026-11-21|-",
        ),
        (
            "Rs.135.00 credited to A/c no. XX1234 on 21-11-2026 11:05:33 by UPI/P2A/412345678901/RAVI KUM. Bal: Rs.1000. Axis Bank",
            "135.00|412345678901|1234|RAVI KUM|-|2026-11-21|11:05:33",
        ),
        (
            "INR 5000.00 credited to A/c no. XX1234 on 21-11-26 at 11:05:33 IST. Info- NEFT/N325261234567890/ACME. Bal- INR 10,000.00",
            "5000.00|N325261234567890|1234|-|-|2026-11-21|11:05:33",
        ),
        (
            "Rs 135 has been credited to your Kotak Bank Ac XX1234 on 21-11-26 via UPI from ravi@ybl. UPI Ref No 412345678901. Balance: Rs 1000",
            "135.00|412345678901|1234|-|ravi@ybl|2026-11-21|-",
        ),
        (
            "Ac XXXXXXXX00012345 Credited with Rs.135.00 , 21-11-2026 11:05:33. Aval Bal Rs.1000.00 CR. Helpline 18001802222-PNB",
            "135.00|-|00012345|-|-|2026-11-21|11:05:33",
        ),
        (
            "Your A/c XXXX1234 is credited by Rs. 135.00 Total Bal : Rs. 1000.00 CR Clr Bal : Rs. 1000.00 CR. UPI Ref 412345678901 - Indian Bank",
            "135.00|412345678901|1234|-|-|-|-",
        ),
        (
            "Rs.135.00 credited to a/c *1234 on 21/11/2026 by a/c linked to VPA ravi@okicici (UPI Ref no 412345678901).Dial 1930 for Cyber Fraud - Indian Bank",
            "135.00|412345678901|1234|-|ravi@okicici|2026-11-21|-",
        ),
        (
            "Your a/c XX1234 is credited with Rs 135.00 on 21NOV2026 by UPI-412345678901. A/c Balance Rs 1,000.00 -IDBI",
            "135.00|412345678901|1234|-|-|2026-11-21|-",
        ),
        (
            "Dear Customer, your Account XX1234 has been credited INR 135.00 via UPI. RRN - 412345678901. Date: 21/11/2026 - Bank of Maharashtra",
            "135.00|412345678901|1234|-|-|2026-11-21|-",
        ),
        (
            "You have received INR 135.00 from RAVI KUMAR in your AU Bank A/c XX1234. UPI Ref ID 412345678901 on 21-Nov-2026 11:05",
            "135.00|412345678901|1234|RAVI KUMAR|-|2026-11-21|11:05:00",
        ),
        (
            "Rs.135.00 Cr. to A/c XX1234 on 21-11-26. UPI Ref 412345678901. Bal Rs.1,000.00",
            "135.00|412345678901|1234|-|-|2026-11-21|-",
        ),
        ("UPI Credit: INR 135.00 to a/c XX1234 from RAVI. UPI Ref 412345678901", "135.00|412345678901|1234|RAVI|-|-|-"),
        (
            "Amount of Rs.135.00 received in A/c XX1234 on 21.11.2026 from bina.r@okaxis via UPI. Ref No:412345678901",
            "135.00|412345678901|1234|-|bina.r@okaxis|2026-11-21|-",
        ),
        (
            "Hi! Rs 135 received from BINA R in your IDFC FIRST Bank A/C XX1234 on 21/11/26 at 02:05 PM. RRN 412345678901.",
            "135.00|412345678901|1234|BINA R|-|2026-11-21|14:05:00",
        ),
        (
            "Rs 1 credited to your Federal Bank A/c XX1234 from ravi@fbl on 21/11/2026. Your UPI ref no. is 412345678901",
            "1.00|412345678901|1234|-|ravi@fbl|2026-11-21|-",
        ),
        ("Cash deposit of INR 5,000.00 credited to A/c XX1234 on 21-11-26 at CDM", "5000.00|-|1234|-|-|2026-11-21|-"),
        (
            "Refund of Rs.499.00 from AMAZON credited to A/c XX1234 on 21-11-26. Ref 412345678901",
            "499.00|412345678901|1234|AMAZON|-|2026-11-21|-",
        ),
        (
            "Rs.135.00 credited to your a/c XX1234 on 21-11-26 (UPI Ref 412345678901). Not you? Call 18001234. Never share OTP, PIN. Avail offers at x.in",
            "135.00|412345678901|1234|-|-|2026-11-21|-",
        ),
        (
            "Greetings! INR 135 has been deposited into your account number XXXX1234 on 21 Nov 2026 by IMPS, reference number 412345678901.",
            "135.00|412345678901|1234|-|-|2026-11-21|-",
        ),
    ]);
}

#[test]
fn more_that_is_no_credit() {
    all(&[
        ("Rs 5000 will be debited from A/c XX1234 on 25-11-26 towards EMI", "Debit"),
        ("UPI mandate of Rs 199 created on A/c XX1234 for NETFLIX. Ref 412345678901", "Debit"),
        ("You have transferred Rs 500 to RAVI. It will be credited shortly. Ref 412345678901", "Debit"),
        ("Amt Sent Rs.500.00 From HDFC Bank A/C *1234 To RAVI On 21-11 Ref 412345678901", "Debit"),
        ("Your A/c XX1234 has been debited by Rs 500 towards cash withdrawal", "Debit"),
        ("Rs.500 transferred from A/c XX1234 to A/c XX9876 credited. Ref 412345678901", "Debit"),
        ("Money transfer of Rs 500 to RAVI is successful and credited to payee a/c XX9876. Ref 412345678901", "Debit"),
        ("Your deposit of Rs 50,000 will mature on 21-11-26 and be credited to A/c XX1234", "Promise"),
        ("Amount of Rs 135 is yet to be credited to your a/c XX1234. Ref 412345678901", "Promise"),
        ("Rs 135 not credited to a/c XX1234 due to technical issue. Ref 412345678901", "Promise"),
        ("Credit of Rs 500 in your a/c XX1234 is pending. Ref 412345678901", "Promise"),
        ("Link your Aadhaar to get subsidy of Rs 300 credited in A/c XX1234", "Promise"),
        ("Use 482910 to login. Valid 5 min. Rs 500 credited? Never share", "Otp"),
        ("482910 is the OTP for your txn of Rs 500 at AMAZON", "Otp"),
        ("Your One Time Password is 482910 for Rs 135 credited to a/c XX1234", "Otp"),
        ("Rs 10,00,000 loan offer: money credited to A/c XX1234 in 5 min. T&C apply", "Offer"),
        ("You are eligible for Rs.2,00,000 credited instantly to your a/c XX1234. Apply at x.in", "Offer"),
        ("You won Rs 5,000! Amount credited to your wallet. Click x.in to claim", "Offer"),
        ("Collect request of Rs 135 from ravi@ybl. Approve in app. Ref 412345678901", "Request"),
        ("RAVI is requesting payment of Rs 135 via UPI", "Request"),
        ("Your A/c XX1234 balance is Rs 1,000.00 as on 21-11-26", "Balance"),
        ("Thank you for your payment of Rs 5,000 received towards SBI Card ending 1234 on 21-11-26", "Bill"),
        ("Payment of INR 1,000 has been credited to your Credit Card XX1234. Ref 412345678901", "Bill"),
        ("Rs 5,000 received towards your Loan A/c XX1234. Ref 412345678901", "Bill"),
        ("Your UPI transaction of Rs 500 has failed. If debited, it will be credited back to A/c XX1234", "Promise"),
        ("Amount of Rs 500 debited for failed UPI transaction has been credited back to a/c XX1234", "Reversal"),
        ("NEFT of Rs 500 returned and credited to A/c XX1234. UTR SBINN52026112112345678", "Reversal"),
    ]);
}

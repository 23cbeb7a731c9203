use super::*;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const LIMITS: Limits = Limits { bytes: 100_000, rows: 50, unpacked: 400_000 };

fn sheet(bytes: &[u8]) -> Result<Sheet, SheetError> {
    read("plans.csv", bytes, LIMITS)
}

fn cells(row: &[&str]) -> Vec<String> {
    row.iter().map(|cell| (*cell).to_owned()).collect()
}

/// A workbook whose first sheet has these rows of XML.
fn workbook(rows: &str) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let package = "http://schemas.openxmlformats.org/package/2006";
    let document = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    for (name, content) in [
        (
            "[Content_Types].xml",
            format!(r#"<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#),
        ),
        (
            "_rels/.rels",
            format!(
                r#"<Relationships xmlns="{package}/relationships"><Relationship Id="r" Type="{document}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                r#"<workbook xmlns="{main}" xmlns:r="{document}"><sheets><sheet name="Plans" sheetId="1" r:id="a"/><sheet name="Notes" sheetId="2" r:id="b"/></sheets></workbook>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                r#"<Relationships xmlns="{package}/relationships"><Relationship Id="a" Type="{document}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="b" Type="{document}/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="c" Type="{document}/styles" Target="styles.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/styles.xml",
            format!(r#"<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#),
        ),
        ("xl/worksheets/sheet1.xml", format!(r#"<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>"#)),
        ("xl/worksheets/sheet2.xml", format!(r#"<worksheet xmlns="{main}"><sheetData/></worksheet>"#)),
    ] {
        zip.start_file(name, options).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn word(place: &str, text: &str) -> String {
    format!(r#"<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

#[test]
fn every_encoding_and_separator_gives_the_same_table() {
    let text = "code,title,price\nn1,Café ₹,\"1,35,000\"\n";
    let utf16 = |mark: [u8; 2], bytes: fn(u16) -> [u8; 2]| mark.into_iter().chain(text.encode_utf16().flat_map(bytes)).collect::<Vec<u8>>();
    let expected = Sheet { header: cells(&["code", "title", "price"]), rows: vec![(2, cells(&["n1", "Café ₹", "1,35,000"]))] };
    for bytes in [
        text.as_bytes().to_vec(),
        [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        utf16([0xFF, 0xFE], u16::to_le_bytes),
        utf16([0xFE, 0xFF], u16::to_be_bytes),
        text.replace('\n', "\r\n").into_bytes(),
        text.replace('\n', "\r").into_bytes(),
        "code;title;price\nn1;Café ₹;1,35,000".as_bytes().to_vec(),
        "code\ttitle\tprice\nn1\tCafé ₹\t1,35,000".as_bytes().to_vec(),
    ] {
        assert_eq!(sheet(&bytes), Ok(expected.clone()), "{bytes:?}");
    }
    let below = sheet("The Bank of Somewhere\n\nDate\tNarration\tCredit\tBalance\n21/11/2026\tUPI, 4\t\"1,000.00\"\t5\n".as_bytes()).unwrap();
    assert_eq!(below.rows[1].1, ["21/11/2026", "UPI, 4", "1,000.00", "5"]);
    let latin = sheet(b"code,title\nn1,Caf\xe9 \x80 5").unwrap();
    assert_eq!(latin.rows, [(2, cells(&["n1", "Café € 5"]))]);
}

#[test]
fn rows_are_numbered_as_the_spreadsheet_counts_them() {
    let text = "\r\ncode, title \r\n\r\nn1,\"two\r\nlines\"\r\n , \r\n\r\n\r\nn2,last\r\nn3,\"=1+1\",,\r\n";
    let found = sheet(text.as_bytes()).unwrap();
    assert_eq!(found.header, ["code", "title"]);
    assert_eq!(found.rows, [(4, cells(&["n1", "two\nlines"])), (8, cells(&["n2", "last"])), (9, cells(&["n3", "=1+1"]))]);
}

#[test]
fn a_workbook_says_what_its_cells_show() {
    let rows = [
        format!(
            r#"<row r="1">{}{}{}{}{}</row>"#,
            word("A1", "code"),
            word("B1", " price "),
            word("C1", "active"),
            word("D1", "until"),
            word("F1", "sum")
        ),
        // A formula with its cached value; numbers as they are shown; a date; a truth; a place that was left out.
        format!(
            r#"<row r="3">{}<c r="B3"><v>27.9</v></c><c r="C3" t="b"><v>1</v></c><c r="D3" s="1"><v>46347</v></c><c r="F3"><f>1.1+2.2</f><v>3.3000000000000003</v></c></row>"#,
            word("A3", "n1")
        ),
        format!(
            r#"<row r="7">{}<c r="B7"><v>135</v></c><c r="D7" t="e"><v>#REF!</v></c><c r="F7" t="str"><f>A3</f><v>n1</v></c></row>"#,
            word("A7", "Café ₹")
        ),
    ];
    let found = read("anything", &workbook(&rows.concat()), LIMITS).unwrap();
    assert_eq!(found.header, ["code", "price", "active", "until", "", "sum"]);
    assert_eq!(
        found.rows,
        [(3, cells(&["n1", "27.9", "true", "2026-11-21", "", "3.3"])), (7, cells(&["Café ₹", "135", "", "#REF!", "", "n1"]))]
    );
}

#[test]
fn what_is_too_much_is_refused_before_it_is_unpacked_or_kept() {
    assert_eq!(sheet(&vec![b'a'; LIMITS.bytes + 1]), Err(SheetError::TooLarge(LIMITS.bytes)));
    let lines = |n: usize| format!("code\n{}", "x\n".repeat(n));
    assert_eq!(sheet(lines(50).as_bytes()).unwrap().rows.len(), 50);
    assert_eq!(sheet(lines(51).as_bytes()), Err(SheetError::TooManyRows(50)));
    assert_eq!(sheet(format!("code{}x", ",".repeat(100)).as_bytes()), Err(SheetError::TooWide));

    let bomb = workbook(&format!(r#"<row r="1">{}</row>"#, word("A1", &"a".repeat(500_000))));
    assert!(bomb.len() < 10_000, "it is small as long as it is packed");
    assert_eq!(sheet(&bomb), Err(SheetError::Inflates(LIMITS.unpacked)));
    // The same with a directory, and headers, that say it is small.
    let mut liar = bomb.clone();
    let size = (0..liar.len() - 3)
        .filter_map(|at| liar[at..at + 4].try_into().ok().map(u32::from_le_bytes))
        .find(|n| (500_000..600_000).contains(n))
        .unwrap();
    for at in 0..liar.len() - 3 {
        if liar[at..at + 4] == size.to_le_bytes() {
            liar[at..at + 4].copy_from_slice(&1_000_u32.to_le_bytes());
        }
    }
    assert_ne!(liar, bomb);
    assert!(matches!(sheet(&liar), Err(SheetError::Inflates(_) | SheetError::Damaged(_))), "{:?}", sheet(&liar));

    let rows: String = (1..=52).map(|n| format!(r#"<row r="{n}">{}</row>"#, word(&format!("A{n}"), "x"))).collect();
    assert_eq!(sheet(&workbook(&rows)), Err(SheetError::TooManyRows(50)));
    // Two cells at the far corners: no table is laid out between them.
    let far = |place: &str| workbook(&format!(r#"<row r="1">{}</row><row r="1048576">{}</row>"#, word("A1", "code"), word(place, "x")));
    assert_eq!(sheet(&far("A1048576")).unwrap().rows, [(1_048_576, cells(&["x"]))]);
    assert_eq!(sheet(&far("XFD1048576")), Err(SheetError::TooWide));
}

#[test]
fn what_is_no_table_is_named() {
    assert_eq!(sheet(b""), Err(SheetError::Empty));
    assert_eq!(sheet(b"\xEF\xBB\xBF\n , \n"), Err(SheetError::Empty));
    assert_eq!(sheet(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Err(SheetError::Foreign));
    assert_eq!(sheet(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), Err(SheetError::OldExcel));
    assert_eq!(read("plans.XLSX", b"code,title", LIMITS), Err(SheetError::Foreign));
    assert!(matches!(sheet(b"PK\x03\x04 and no more"), Err(SheetError::Damaged(_))));
    let whole = workbook("");
    assert_eq!(sheet(&whole), Err(SheetError::Empty));
    assert!(matches!(sheet(&whole[..whole.len() / 2]), Err(SheetError::Damaged(_))));
}

#[test]
fn columns_are_found_in_any_order_and_what_is_wrong_with_them_is_named() {
    let header = |names: &[&str]| Sheet { header: cells(names), rows: vec![] };
    assert_eq!(header(&["Price", "", " period  days ", "CODE"]).columns(&["code", "period_days", "price"]), Ok(vec![3, 2, 0]));
    let wrong = header(&["Code", "colour", "code"]).columns(&["code", "price", "cost"]);
    assert_eq!(wrong, Err(HeaderError { missing: cells(&["price", "cost"]), unknown: cells(&["colour"]), twice: cells(&["code"]) }));
}

#[test]
fn what_is_written_is_read_again_and_is_no_formula() {
    let texts = ["=1+1", "+91", "-5", "@x", "'=quoted", "''-x", "'plain", "a,b", "two\nlines", "\"q\"", "Café ₹", ""];
    for text in texts {
        assert_eq!(unescaped(&escaped(text)), text);
    }
    let bytes = write(&["text", "end"], texts.map(|text| vec![text.to_owned(), "end".to_owned()])).unwrap();
    let found = sheet(&bytes).unwrap();
    assert_eq!(found.rows.iter().map(|(_, row)| unescaped(&row[0]).to_owned()).collect::<Vec<_>>(), texts);
    assert!(found.rows.iter().all(|(_, row)| !row[0].starts_with(['=', '+', '-', '@'])));
    assert!(bytes.starts_with(b"\xEF\xBB\xBF") && write(&["text"], []).unwrap() == b"text\n");
}

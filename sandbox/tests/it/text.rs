use serde_json::{Value, json};

use crate::helpers::sandbox;

#[tokio::test]
async fn html_becomes_text_and_entities() {
    let (sandbox, bot) = sandbox().await;
    sandbox.person(1, "Asha").send("hi");
    let parse = async |text: &str| {
        let sent = json!({"chat_id": 1, "text": text, "parse_mode": "html"});
        let message = bot.ok("sendMessage", sent).await;
        let entities: Vec<(String, u64, u64)> = message["entities"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|entity| {
                let kind = entity["type"].as_str().unwrap().to_owned();
                (kind, entity["offset"].as_u64().unwrap(), entity["length"].as_u64().unwrap())
            })
            .collect();
        (message["text"].as_str().unwrap().to_owned(), entities, message)
    };
    let kinds = |found: &[(String, u64, u64)]| -> Vec<(String, u64, u64)> { found.to_vec() };
    let entity = |kind: &str, offset, length| (kind.to_owned(), offset, length);

    let (text, found, _) = parse("<b>Pay <i>₹28</i></b> &lt;now&gt; &amp; &quot;x&quot; &#8377;").await;
    assert_eq!(text, "Pay ₹28 <now> & \"x\" ₹");
    assert_eq!(kinds(&found), [entity("bold", 0, 7), entity("italic", 4, 3)]);

    let (text, found, _) = parse("🛍 <STRONG>a</STRONG><u>b</u><s>c</s><tg-spoiler>d</tg-spoiler>").await;
    assert_eq!(text, "🛍 abcd");
    assert_eq!(kinds(&found), [entity("bold", 3, 1), entity("underline", 4, 1), entity("strikethrough", 5, 1), entity("spoiler", 6, 1)]);

    let (_, found, message) = parse("<a href=\"https://t.me/x?start=a&amp;b\">link</a> <code>1</code>").await;
    assert_eq!(kinds(&found), [entity("text_link", 0, 4), entity("code", 5, 1)]);
    assert_eq!(message["entities"][0]["url"], "https://t.me/x?start=a&b");

    let (_, found, message) = parse("<pre><code class=\"language-rust\">x</code></pre>").await;
    assert_eq!(kinds(&found), [entity("pre", 0, 1)]);
    assert_eq!(message["entities"][0]["language"], "rust");

    let (_, found, _) = parse("<blockquote expandable>q</blockquote><span class='tg-spoiler'>s</span>").await;
    assert_eq!(kinds(&found), [entity("expandable_blockquote", 0, 1), entity("spoiler", 1, 1)]);

    let (text, found, _) = parse("  \n<b> x</b>  ").await;
    assert_eq!(text, "x");
    assert_eq!(kinds(&found), [entity("bold", 0, 1)]);

    let (_, found, _) = parse("see https://t.me/MelaSandboxBot?start=ref_AB. or /help, @someone").await;
    assert_eq!(kinds(&found), [entity("url", 4, 40), entity("bot_command", 49, 5), entity("mention", 56, 8)]);
}

#[tokio::test]
async fn broken_html_is_refused_in_telegrams_words() {
    let (sandbox, bot) = sandbox().await;
    sandbox.person(1, "Asha").send("hi");
    for (text, why) in [
        ("a <x>b</x>", "Unsupported start tag \"x\" at byte offset 2"),
        ("₹ <br/>", "Unsupported start tag \"br/\" at byte offset 4"),
        ("<b>a", "Can't find end tag corresponding to start tag \"b\""),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</i>", "Unmatched end tag at byte offset 4, expected \"</b>\", found \"</i>\""),
        ("1 < 2", "Unsupported start tag \"\" at byte offset 2"),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<span>a</span>", "Tag \"span\" must have class \"tg-spoiler\" at byte offset 0"),
    ] {
        let sent = json!({"chat_id": 1, "text": text, "parse_mode": "HTML"});
        let refused = bot.no("sendMessage", sent).await;
        assert_eq!(refused, format!("Bad Request: can't parse entities: {why}"), "{text}");
    }
    let sent = json!({"chat_id": 1, "text": "*a*", "parse_mode": "MarkdownV2"});
    assert_eq!(bot.no("sendMessage", sent).await, "Bad Request: unsupported parse_mode");
}

#[tokio::test]
async fn explicit_entities_are_kept() {
    let (sandbox, bot) = sandbox().await;
    sandbox.person(1, "Asha").send("hi");
    let entities = json!([{"type": "bold", "offset": 0, "length": 2}]);
    let sent = json!({"chat_id": 1, "text": "ab c", "entities": entities});
    assert_eq!(bot.ok("sendMessage", sent).await["entities"], entities);
    let as_text: Value = json!({"chat_id": "1", "text": "ab d", "entities": entities.to_string()});
    assert_eq!(bot.ok("sendMessage", as_text).await["entities"], entities);
}

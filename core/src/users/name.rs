//! Names as people choose them, made safe to stand in a line of text.

/// Longest name that is kept, in characters.
const LONGEST: usize = 64;

/// A name without control characters, line breaks and marks that turn the writing direction of the text around it.
#[must_use]
pub fn clean_name(raw: &str) -> String {
    let visible: String = raw
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|&c| {
            !c.is_control() && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
        })
        .take(LONGEST)
        .collect();
    let name = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() { "Someone".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::clean_name;

    #[test]
    fn harmless_but_recognisable() {
        assert_eq!(clean_name("Asha"), "Asha");
        assert_eq!(clean_name("<b>Asha</b> 👩‍👩‍👧"), "<b>Asha</b> 👩‍👩‍👧");
        assert_eq!(clean_name("\u{202e}gnp.exe\n\0x"), "gnp.exe x");
        assert_eq!(clean_name(" \u{2066}\u{0007} "), "Someone");
        assert_eq!(clean_name(&"अ".repeat(200)).chars().count(), 64);
    }
}

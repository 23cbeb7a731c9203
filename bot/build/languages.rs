//! Whether every language says everything that English says, no more, and fills in the same. The build script asks it, and the tests.

use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The language that all others are compared with.
const FIRST: &str = "en";

/// A file with its text.
pub(crate) type File = (String, String);

/// One sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sentence {
    /// The file it is in, with its language's folder.
    pub(crate) file: String,
    /// What is filled in.
    pub(crate) filled: BTreeSet<String>,
    /// The HTML tags in it.
    pub(crate) tags: BTreeSet<String>,
    /// Its words between what is filled in, those of every variant.
    pub(crate) words: Vec<String>,
}

/// The files of every language in a folder.
///
/// # Errors
/// A file or a folder cannot be read.
pub(crate) fn read(folder: &Path) -> std::io::Result<BTreeMap<String, Vec<File>>> {
    let mut languages = BTreeMap::new();
    for language in std::fs::read_dir(folder)? {
        let language = language?;
        let mut files = Vec::new();
        for file in std::fs::read_dir(language.path())? {
            let path = file?.path();
            files.push((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), std::fs::read_to_string(&path)?));
        }
        files.sort();
        languages.insert(language.file_name().to_string_lossy().into_owned(), files);
    }
    Ok(languages)
}

/// All that is wrong, a line each; nothing when all is well.
pub(crate) fn problems(languages: &BTreeMap<String, Vec<File>>) -> Vec<String> {
    let mut problems = Vec::new();
    let read: BTreeMap<&str, _> = languages.iter().map(|(language, files)| (language.as_str(), sentences(language, files, &mut problems))).collect();
    let Some(first) = read.get(FIRST) else {
        return vec![format!("{FIRST} is missing: the other languages are compared with it")];
    };
    for (language, own) in read.iter().filter(|(language, _)| **language != FIRST) {
        for (key, english) in first {
            let Some(sentence) = own.get(key) else {
                problems.push(format!("{language} has no sentence for the key `{key}` of {}", english.file));
                continue;
            };
            for (what, ours, theirs) in [("fills in", &sentence.filled, &english.filled), ("has the tags", &sentence.tags, &english.tags)] {
                if ours != theirs {
                    problems.push(format!("{}: `{key}` {what} {}, in {} it {what} {}", sentence.file, listed(ours), english.file, listed(theirs)));
                }
            }
            if sentence.words == english.words && is_prose(&english.words) {
                problems.push(format!("{}: `{key}` is still the English of {}", sentence.file, english.file));
            }
        }
        for (key, extra) in own.iter().filter(|(key, _)| !first.contains_key(*key)) {
            problems.push(format!("{}: the key `{key}` is not in {FIRST}", extra.file));
        }
    }
    problems
}

/// Whether there are at least two words that would be others in another language: neither tags nor commands.
fn is_prose(words: &[String]) -> bool {
    let text = words.join(" ");
    let visible = text.split('<').map(|part| part.split_once('>').map_or(part, |(_, rest)| rest)).collect::<Vec<_>>().join(" ");
    let plain = |word: &&str| word.len() > 2 && word.bytes().all(|b| b.is_ascii_alphabetic());
    visible
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| c.is_ascii_punctuation() && c != '/'))
        .filter(plain)
        .count()
        > 1
}

fn listed(names: &BTreeSet<String>) -> String {
    if names.is_empty() {
        "nothing".to_owned()
    } else {
        names.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
    }
}

/// The sentences of one language by their keys; what is wrong with its files is added to `problems`.
pub(crate) fn sentences(language: &str, files: &[File], problems: &mut Vec<String>) -> BTreeMap<String, Sentence> {
    let mut sentences: BTreeMap<String, Sentence> = BTreeMap::new();
    for (name, text) in files {
        let file = format!("{language}/{name}");
        if !name.ends_with(".ftl") {
            problems.push(format!("{file} is not read: sentences are in files that end in .ftl"));
            continue;
        }
        let resource = match parser::parse(text.as_str()) {
            Ok(resource) => resource,
            Err((resource, errors)) => {
                problems.extend(errors.iter().map(|error| {
                    let line = text.get(..error.pos.start).unwrap_or_default().lines().count().max(1);
                    format!("{file}, line {line}: {error}")
                }));
                resource
            }
        };
        for entry in &resource.body {
            match entry {
                Entry::Message(message) => {
                    let key = message.id.name.to_owned();
                    let mut sentence = Sentence { file: file.clone(), ..Sentence::default() };
                    match &message.value {
                        Some(pattern) => look(pattern, &mut sentence, &mut |wrong| problems.push(format!("{file}: `{key}` {wrong}"))),
                        None => problems.push(format!("{file}: `{key}` says nothing")),
                    }
                    if !message.attributes.is_empty() {
                        problems.push(format!("{file}: `{key}` has attributes, which nothing reads"));
                    }
                    if let Some(before) = sentences.insert(key.clone(), sentence) {
                        problems.push(format!("{file}: the key `{key}` stands in {} already", before.file));
                    }
                }
                Entry::Term(term) => problems.push(format!("{file}: the term `-{}` is used by nothing", term.id.name)),
                Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) | Entry::Junk { .. } => {}
            }
        }
    }
    sentences
}

/// Notes what a pattern fills in and its tags; each pattern closes the tags that it opens.
fn look(pattern: &Pattern<&str>, sentence: &mut Sentence, wrong: &mut dyn FnMut(String)) {
    let mut open: Vec<String> = Vec::new();
    let mut words = String::new();
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => {
                words.push_str(value);
                // A tag is never cut in two by what is filled in.
                for tag in tags(value) {
                    sentence.tags.insert(format!("<{}>", tag.trim_start_matches('/')));
                    match tag.strip_prefix('/') {
                        None => open.push(tag.to_owned()),
                        Some(closed) if open.last().is_some_and(|last| last == closed) => drop(open.pop()),
                        Some(closed) => wrong(format!("closes <{closed}>, which is not open")),
                    }
                }
            }
            PatternElement::Placeable { expression } => {
                sentence.words.push(std::mem::take(&mut words));
                place(expression, sentence, wrong);
            }
        }
    }
    sentence.words.push(words);
    sentence.words.retain(|words| !words.trim().is_empty());
    for tag in open {
        wrong(format!("does not close <{tag}>"));
    }
}

fn tags(text: &str) -> impl Iterator<Item = &str> {
    text.split('<').skip(1).filter_map(|rest| rest.split_once('>').map(|(tag, _)| tag))
}

fn place(expression: &Expression<&str>, sentence: &mut Sentence, wrong: &mut dyn FnMut(String)) {
    match expression {
        Expression::Inline(inline) => fill(inline, sentence, wrong),
        Expression::Select { selector, variants } => {
            fill(selector, sentence, wrong);
            for variant in variants {
                look(&variant.value, sentence, wrong);
            }
        }
    }
}

fn fill(inline: &InlineExpression<&str>, sentence: &mut Sentence, wrong: &mut dyn FnMut(String)) {
    match inline {
        InlineExpression::VariableReference { id } => drop(sentence.filled.insert(format!("${}", id.name))),
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        InlineExpression::Placeable { expression } => place(expression, sentence, wrong),
        InlineExpression::FunctionReference { id, arguments: CallArguments { .. } } => wrong(format!("calls {}, which is not there", id.name)),
        InlineExpression::MessageReference { id, .. } | InlineExpression::TermReference { id, .. } => {
            wrong(format!("refers to `{}`: a sentence stands alone (is a $ missing?)", id.name));
        }
    }
}

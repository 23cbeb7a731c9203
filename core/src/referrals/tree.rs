//! Two levels below a person, and who brought them: the largest spenders first. A page costs the same however many there are, and wherever it is: it
//! goes by an index, from the last of the page before.

use crate::code::ShortCode;
use crate::db::sql;
use crate::money::Rupees;
use crate::sheet::escaped;
use crate::users::{User, UserId};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement, Value};
use std::collections::HashMap;
use std::io::Write;

/// Friends on a page.
pub const PAGE: usize = 12;
/// Of each of them, friends that are named.
pub const NAMED: usize = 3;

/// A person in the tree.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Node {
    /// In our books.
    pub id: i64,
    /// Telegram's.
    pub telegram_id: i64,
    /// As Telegram shows it.
    pub name: String,
    /// Without the @.
    pub username: Option<String>,
    /// Their referral code.
    pub code: ShortCode,
    /// Who brought them.
    pub referred_by: Option<i64>,
    /// When they first wrote.
    pub joined_at: DateTime<Utc>,
    /// What they paid for orders, less what was given back.
    pub spent: Rupees,
    /// People whom they brought.
    pub friends: i64,
    /// People whom these brought.
    pub theirs: i64,
    /// Open fraud flags that are about them.
    pub flags: i64,
    /// Whether staff blocked them.
    pub blocked: bool,
}

impl Node {
    /// The id, typed.
    #[must_use]
    pub fn user_id(&self) -> UserId {
        UserId(self.id)
    }
}

/// A friend, with the largest spenders among theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// The friend.
    pub friend: Node,
    /// At most [`NAMED`] of theirs.
    pub theirs: Vec<Node>,
}

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// With the largest spender.
    Top,
    /// After this friend.
    After(UserId),
    /// Before this friend: the page ends there.
    Before(UserId),
}

/// A page of a person's tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// Whose.
    pub root: Node,
    /// Who brought them.
    pub inviter: Option<Node>,
    /// The page.
    pub branches: Vec<Branch>,
    /// Whether there are larger spenders before it.
    pub larger: bool,
    /// Whether there are smaller ones after it.
    pub smaller: bool,
}

/// What a node is read from. `{of}` names the people: rows with `user_id` and `spent`, ordered.
fn nodes(of: &str, values: impl IntoIterator<Item = Value>) -> Statement {
    let text = format!(
        "SELECT u.id, u.telegram_id, u.name, u.username, u.code, u.referred_by, u.joined_at, s.spent, b.friends, b.theirs, u.blocked_at IS NOT NULL AS blocked,
                (SELECT count(*) FROM flag_person p JOIN flag f ON f.id = p.flag_id WHERE p.user_id = u.id AND p.part <> 'seen' AND f.state = 'open') AS flags
         FROM ({of}) s JOIN users u ON u.id = s.user_id CROSS JOIN LATERAL
              (SELECT coalesce(sum(friends), 0)::bigint AS friends, coalesce(sum(theirs), 0)::bigint AS theirs FROM brood WHERE user_id = u.id) b"
    );
    sql(&text, values)
}

/// Largest spenders first; of equals the newest.
fn sorted(mut nodes: Vec<Node>) -> Vec<Node> {
    nodes.sort_by_key(|node| std::cmp::Reverse((node.spent, node.id)));
    nodes
}

/// One person, as in a tree.
///
/// # Errors
/// The database; there is none.
pub async fn node(db: &impl ConnectionTrait, person: UserId) -> Result<Node, DbErr> {
    one(db, person.0).await?.ok_or_else(|| DbErr::RecordNotFound(format!("user {}", person.0)))
}

async fn one(db: &impl ConnectionTrait, person: i64) -> Result<Option<Node>, DbErr> {
    Node::find_by_statement(nodes("SELECT user_id, spent FROM spending WHERE user_id = $1", [person.into()])).one(db).await
}

/// The statement that finds the friends of a page, so that a test can ask how it is done.
#[must_use]
pub fn page_statement(person: UserId, beside: Beside, limit: usize) -> Statement {
    let (than, order, values): (&str, &str, Vec<Value>) = match beside {
        Beside::Top => ("", "DESC", vec![]),
        Beside::After(friend) => ("<", "DESC", vec![friend.0.into()]),
        Beside::Before(friend) => (">", "ASC", vec![friend.0.into()]),
    };
    // Where the friend stands now: what they have spent since moves the page, nothing else.
    let cursor = if than.is_empty() {
        String::new()
    } else {
        format!("AND (spent, user_id) {than} ((SELECT spent FROM spending WHERE user_id = $3), $3)")
    };
    let of = format!("SELECT user_id, spent FROM spending WHERE referrer_id = $1 {cursor} ORDER BY spent {order}, user_id {order} LIMIT $2");
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    nodes(&of, [person.0.into(), limit.into()].into_iter().chain(values))
}

/// The largest spenders among the friends of each of these people, at most so many of each.
async fn named(db: &impl ConnectionTrait, people: Vec<i64>, most: usize) -> Result<HashMap<i64, Vec<Node>>, DbErr> {
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let of = "SELECT s.user_id, s.spent FROM unnest($1::bigint[]) AS p (id) CROSS JOIN LATERAL
              (SELECT user_id, spent FROM spending WHERE referrer_id = p.id ORDER BY spent DESC, user_id DESC LIMIT $2) s";
    let statement = nodes(of, [people.into(), i64::try_from(most).unwrap_or(i64::MAX).into()]);
    let mut found: HashMap<i64, Vec<Node>> = HashMap::new();
    for node in Node::find_by_statement(statement).all(db).await? {
        found.entry(node.referred_by.unwrap_or_default()).or_default().push(node);
    }
    Ok(found.into_iter().map(|(person, friends)| (person, sorted(friends))).collect())
}

/// A page of a person's tree.
///
/// # Errors
/// The database.
pub async fn page(db: &impl ConnectionTrait, person: &User, beside: Beside) -> Result<Tree, DbErr> {
    let root = node(db, person.user_id()).await?;
    let inviter = match person.referred_by {
        Some(id) => one(db, id).await?,
        None => None,
    };
    let found = Node::find_by_statement(page_statement(person.user_id(), beside, PAGE + 1)).all(db).await?;
    let more = found.len() > PAGE;
    let mut friends = sorted(found);
    // The one too many lies on the side away from where the page begins.
    match beside {
        Beside::Before(_) if more => drop(friends.remove(0)),
        _ => friends.truncate(PAGE),
    }
    let (larger, smaller) = match beside {
        Beside::Top => (false, more),
        Beside::After(_) => (true, more),
        Beside::Before(_) => (more, true),
    };
    let mut theirs = named(db, friends.iter().filter(|f| f.friends > 0).map(|f| f.id).collect(), NAMED).await?;
    let branches = friends.into_iter().map(|friend| Branch { theirs: theirs.remove(&friend.id).unwrap_or_default(), friend }).collect();
    Ok(Tree { root, inviter, branches, larger, smaller })
}

/// Why a tree was not written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The file does not take it.
    #[error("the tree cannot be written: {0}")]
    Csv(#[from] csv::Error),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}

/// Friends whose own friends are read in one go, and how many of each.
const AT_ONCE: usize = 500;
const OF_EACH: usize = 20;
/// Lines that are read in one go of a friend who has more.
const MANY: usize = 2_000;

/// Writes both levels below a person as CSV, each friend followed by theirs, the largest spenders first, at most `lines` of it; answers how many were
/// written. Only some thousand are in memory at a time, whatever the length.
///
/// # Errors
/// The writer or the database.
pub async fn csv(db: &impl ConnectionTrait, person: &User, lines: u64, mut into: impl Write) -> Result<u64, ExportError> {
    // Names are in every script: spreadsheets are told so.
    into.write_all(b"\xEF\xBB\xBF").map_err(csv::Error::from)?;
    let mut file = Lines { file: csv::Writer::from_writer(into), left: lines, written: 0 };
    file.file
        .write_record(["level", "telegram_id", "name", "username", "code", "brought_by", "joined", "spent", "friends", "flags", "blocked"])?;
    let mut beside = Beside::Top;
    while file.left > 0 {
        let friends = sorted(Node::find_by_statement(page_statement(person.user_id(), beside, AT_ONCE)).all(db).await?);
        let Some(last) = friends.last() else { break };
        beside = Beside::After(last.user_id());
        let mut theirs = named(db, friends.iter().filter(|f| f.friends > 0).map(|f| f.id).collect(), OF_EACH).await?;
        for friend in friends {
            file.line(1, person.telegram_id, &friend)?;
            let mut next = theirs.remove(&friend.id).unwrap_or_default();
            while let Some(last) = next.last().filter(|_| file.left > 0).map(Node::user_id) {
                let more = next.len() >= OF_EACH;
                next.iter().try_for_each(|node| file.line(2, friend.telegram_id, node))?;
                next = if more {
                    sorted(Node::find_by_statement(page_statement(friend.user_id(), Beside::After(last), MANY)).all(db).await?)
                } else {
                    Vec::new()
                };
            }
        }
    }
    file.file.flush().map_err(csv::Error::from)?;
    Ok(file.written)
}

struct Lines<W: Write> {
    file: csv::Writer<W>,
    left: u64,
    written: u64,
}

impl<W: Write> Lines<W> {
    fn line(&mut self, level: u8, brought_by: i64, node: &Node) -> Result<(), csv::Error> {
        if self.left == 0 {
            return Ok(());
        }
        (self.left, self.written) = (self.left - 1, self.written + 1);
        self.file.write_record([
            level.to_string(),
            node.telegram_id.to_string(),
            escaped(&node.name),
            escaped(node.username.as_deref().unwrap_or_default()),
            node.code.to_string(),
            brought_by.to_string(),
            node.joined_at.to_rfc3339(),
            node.spent.plain(),
            node.friends.to_string(),
            node.flags.to_string(),
            node.blocked.to_string(),
        ])
    }
}

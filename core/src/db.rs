//! How verbs talk to PostgreSQL: transactions, retries, and constraint names as errors.

use futures::future::BoxFuture;
use sea_orm::prelude::async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, EntityTrait, ExecResult, IdenStatic, Iterable, QueryResult,
    RuntimeErr, SqlxError, Statement, TransactionTrait, Value,
};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// What a test lets happen between any two statements of a transaction: it is called before each statement, before the commit and after it, and
/// whatever error it answers is the statement's. A shop has none.
pub type Fault = Arc<dyn Fn() -> BoxFuture<'static, Result<(), DbErr>> + Send + Sync>;

/// An open transaction. A verb's `_in` twin composes in a caller's. Dropped without a commit it is rolled back.
pub struct Tx {
    inner: DatabaseTransaction,
    fault: Option<Fault>,
    /// Rung by the commit.
    bell: Arc<Notify>,
}

impl Tx {
    pub(crate) async fn begin(db: &DatabaseConnection, fault: Option<Fault>, bell: Arc<Notify>) -> Result<Self, DbErr> {
        Ok(Self { inner: db.begin().await?, fault, bell })
    }

    async fn between(&self) -> Result<(), DbErr> {
        match &self.fault {
            Some(fault) => fault().await,
            None => Ok(()),
        }
    }

    /// Makes what was done durable.
    ///
    /// # Errors
    /// The database: whether it was done is not known then.
    pub async fn commit(self) -> Result<(), DbErr> {
        self.between().await?;
        self.inner.commit().await?;
        self.bell.notify_one();
        match self.fault {
            Some(fault) => fault().await,
            None => Ok(()),
        }
    }

    /// Undoes what was done.
    ///
    /// # Errors
    /// The database.
    pub async fn rollback(self) -> Result<(), DbErr> {
        self.inner.rollback().await
    }
}

#[async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.between().await?;
        self.inner.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, text: &str) -> Result<ExecResult, DbErr> {
        self.between().await?;
        self.inner.execute_unprepared(text).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.between().await?;
        self.inner.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.between().await?;
        self.inner.query_all_raw(statement).await
    }
}

/// What a repeated command answers: done just now, or found done. Both are success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied<T> {
    /// This call did it.
    Now(T),
    /// An earlier call did it.
    Already(T),
}

impl<T> Applied<T> {
    /// What it is about, whoever did it.
    pub fn into_inner(self) -> T {
        match self {
            Self::Now(x) | Self::Already(x) => x,
        }
    }

    /// Whether this call did it.
    pub fn is_now(&self) -> bool {
        matches!(self, Self::Now(_))
    }
}

/// A raw statement with its values.
pub fn sql(text: &str, values: impl IntoIterator<Item = Value>) -> Statement {
    Statement::from_sql_and_values(DbBackend::Postgres, text, values)
}

/// An entity's columns as a statement of several entities answers them, each named `{prefix}{column}`.
pub(crate) fn columns<E: EntityTrait>(of: &str, prefix: &str) -> String {
    let column = |column: E::Column| format!("{of}.{0} AS {prefix}{0}", column.as_str());
    E::Column::iter().map(column).collect::<Vec<_>>().join(", ")
}

/// Statements none of which waits for what another wrote, sent as one: a round trip to the database is what short statements cost. Each sees the
/// database as it was before all of them; triggers come after the last.
#[derive(Debug, Default)]
pub(crate) struct Together {
    parts: Vec<String>,
    values: Vec<Value>,
}

impl Together {
    /// Adds a statement. Those after it may read what it returns by its name.
    pub(crate) fn with(mut self, name: &str, part: Statement) -> Self {
        let offset = self.values.len();
        let mut text = String::with_capacity(part.sql.len() + 64);
        for (n, piece) in part.sql.split('$').enumerate() {
            if n == 0 {
                text.push_str(piece);
                continue;
            }
            let (number, rest) = piece.split_at(piece.bytes().take_while(u8::is_ascii_digit).count());
            text.push('$');
            // A `$` without a number is no parameter.
            text.push_str(&number.parse::<usize>().map_or_else(|_| number.to_owned(), |number| (number + offset).to_string()));
            text.push_str(rest);
        }
        self.parts.push(format!("{name} AS ({text})"));
        self.values.extend(part.values.into_iter().flat_map(|values| values.0));
        self
    }

    /// All of them, answering `SELECT {answer}`.
    pub(crate) fn select(self, answer: &str) -> Statement {
        sql(&format!("WITH {} SELECT {answer}", self.parts.join(", ")), self.values)
    }
}

/// The name of the constraint that refused, when one did.
#[must_use]
pub fn constraint(error: &DbErr) -> Option<String> {
    database_error(error)?.constraint().map(str::to_owned)
}

fn database_error(error: &DbErr) -> Option<&(dyn sea_orm::sqlx::error::DatabaseError + 'static)> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(e)) | DbErr::Exec(RuntimeErr::SqlxError(e)) | DbErr::Query(RuntimeErr::SqlxError(e)) => {
            e.as_database_error()
        }
        _ => None,
    }
}

/// Whether the database is away: the same call may succeed when it is back.
#[must_use]
pub fn is_away(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) => true,
        DbErr::Conn(RuntimeErr::SqlxError(e)) | DbErr::Exec(RuntimeErr::SqlxError(e)) | DbErr::Query(RuntimeErr::SqlxError(e)) => match &**e {
            SqlxError::Io(_)
            | SqlxError::PoolTimedOut
            | SqlxError::PoolClosed
            | SqlxError::Tls(_)
            | SqlxError::Protocol(_)
            | SqlxError::WorkerCrashed => true,
            // 08: connection; 53: too many connections, disk full; 57P: shutting down, starting up; 28 and 3D: login refused, no such database.
            SqlxError::Database(d) => d.code().is_some_and(|c| ["08", "53", "57P", "28", "3D", "25006"].iter().any(|class| c.starts_with(class))),
            _ => false,
        },
        _ => false,
    }
}

/// Errors that tell whether trying the same transaction again makes sense.
pub trait Transient {
    /// The database error underneath, if that is what it is.
    fn db(&self) -> Option<&DbErr>;

    /// A serialisation failure or a deadlock: the transaction was undone and may be run again.
    fn is_transient(&self) -> bool {
        self.db().and_then(database_error).and_then(|d| d.code().map(|c| c == "40001" || c == "40P01")).unwrap_or(false)
    }
}

impl Transient for DbErr {
    fn db(&self) -> Option<&DbErr> {
        Some(self)
    }
}

/// How often a verb is tried when the database chose it as the victim of a conflict.
const TRIES: u32 = 5;

/// Runs a verb's transaction, again when the database undid it because of a conflict.
///
/// # Errors
/// Whatever the verb answers, at the last try.
pub async fn retrying<T, E: Transient, F, Fut>(mut verb: F) -> Result<T, E>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, E>>,
{
    let mut tried = 1;
    loop {
        match verb().await {
            Err(error) if error.is_transient() && tried < TRIES => {
                tokio::time::sleep(Duration::from_millis(u64::from(5 * tried * tried))).await;
                tried += 1;
            }
            answer => return answer,
        }
    }
}

/// Gives a noun's error enum its `Transient`, reading the database error out of its `Db` variant.
macro_rules! transient {
    ($error:ty) => {
        impl crate::db::Transient for $error {
            fn db(&self) -> Option<&sea_orm::DbErr> {
                if let Self::Db(error) = self { Some(error) } else { None }
            }
        }
    };
}
pub(crate) use transient;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_together_keep_their_own_values() {
        let first = sql("SELECT $1, $2 || '$' || 'costs $5x'", [1.into(), "a".into()]);
        let second = sql("UPDATE t SET a = $2 WHERE b = $1 AND c ~ '^a$'", [2.into(), "b".into()]);
        let both = Together::default().with("one", first).with("two", second).select("* FROM one");
        assert_eq!(
            both.sql,
            "WITH one AS (SELECT $1, $2 || '$' || 'costs $5x'), two AS (UPDATE t SET a = $4 WHERE b = $3 AND c ~ '^a$') SELECT * FROM one"
        );
        assert_eq!(both.values.unwrap().0.len(), 4);
    }
}

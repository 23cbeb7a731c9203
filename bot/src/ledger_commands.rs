//! `mela ledger …`: the books at a terminal, read through `DATABASE_URL`.

use crate::program::StartError;
use chrono::{DateTime, Utc};
use clap::Subcommand;
use mela_core::Core;
use mela_core::ledger::{self, AccountId, Own, Shop, Verdict};
use mela_core::users;
use std::io::Write;

/// What can be asked of the books.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum LedgerCommand {
    /// Checks every transaction against the seals; names the first that was altered.
    Verify {
        /// A digest from the admin chat's daily report: it must be one of the seals'.
        #[arg(long)]
        digest: Option<String>,
    },
    /// Writes an account's statement as CSV, newest first.
    Statement {
        /// Its kind: bank, sales, … for the shop's own; credit, earned, … with --user.
        account: String,
        /// Whose: Telegram id, @name or referral code.
        #[arg(long)]
        user: Option<String>,
    },
    /// Prints the trial balance.
    Trial {
        /// As of this time, such as 2026-11-21T18:30:00Z.
        #[arg(long)]
        at: Option<DateTime<Utc>>,
    },
}

fn other(error: impl std::fmt::Display) -> StartError {
    StartError::Other(error.to_string())
}

/// Does what is asked and prints it.
///
/// # Errors
/// The database; the books are not as they were sealed; there is no such account.
pub async fn perform(core: &Core, command: &LedgerCommand) -> Result<(), StartError> {
    match command {
        LedgerCommand::Verify { digest } => verify(core, digest.as_deref()).await,
        LedgerCommand::Statement { account, user } => {
            let account = account_of(core, account, user.as_deref()).await?;
            ledger::statement_csv(core.db(), account, u64::MAX, std::io::stdout().lock()).await.map(drop).map_err(other)
        }
        LedgerCommand::Trial { at } => {
            let lines = match at {
                Some(at) => ledger::trial_balance_at(core.db(), *at).await,
                None => ledger::trial_balance(core.db()).await,
            };
            print!("{}", crate::run::sandboxed::trial_in_words(&lines.map_err(other)?));
            Ok(())
        }
    }
}

async fn verify(core: &Core, witness: Option<&str>) -> Result<(), StartError> {
    let mut told = 0;
    let verdict = ledger::verify(core.db(), |through, transactions| {
        if transactions >= told + 100_000 {
            told = transactions;
            // Nobody may be reading: that is no reason to stop.
            let _ = writeln!(std::io::stderr(), "· {transactions} transactions are as they were sealed, through {through}");
        }
    })
    .await
    .map_err(other)?;
    match verdict {
        Verdict::Intact { transactions, through, digest } => {
            println!("intact: {transactions} transactions through {through} are as they were sealed");
            println!("digest: {digest}");
        }
        Verdict::Altered { transaction, key } => {
            return Err(other(format!(
                "ALTERED: transaction {transaction} ({key}), or an entry of it, is not as it was sealed; it is the first"
            )));
        }
        Verdict::Missing { after } => return Err(other(format!("MISSING: a transaction that was sealed is gone, the first after {after}"))),
        Verdict::Forged { through } => {
            return Err(other(format!("FORGED: the seal through {through} was changed, or does not follow the one before")));
        }
    }
    match witness {
        Some(witness) if !ledger::sealed_with(core.db(), witness).await.map_err(other)? => {
            Err(other(format!("the digest {witness} is no seal's: the chain was made anew since it was told")))
        }
        Some(_) => {
            println!("the digest that was told is one of the seals'");
            Ok(())
        }
        None => Ok(()),
    }
}

async fn account_of(core: &Core, kind: &str, user: Option<&str>) -> Result<AccountId, StartError> {
    let Some(who) = user else {
        let found = Shop::ALL.into_iter().find(|shop| shop.kind() == kind).map(AccountId::from);
        return found.ok_or_else(|| other(format!("the shop has no account {kind}; it has {}", Shop::ALL.map(Shop::kind).join(", "))));
    };
    let found = users::search(core.db(), who).await.map_err(other)?.ok_or_else(|| other(format!("there is nobody {who}")))?;
    let own = Own::ALL.into_iter().find(|own| own.kind() == kind);
    let own = own.ok_or_else(|| other(format!("a customer has no account {kind}; they have {}", Own::ALL.map(Own::kind).join(", "))))?;
    Ok(AccountId::of(found.user_id(), own))
}

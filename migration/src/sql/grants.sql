-- What the program needs, and no more, for a role that owns nothing: it can neither change a table nor its triggers, and of the books it can only
-- write whole transactions. $ROLE is the role's quoted name. May be run again, and is to be after each migration.
GRANT USAGE ON SCHEMA public, ledger TO $ROLE;
GRANT SELECT ON ALL TABLES IN SCHEMA public, ledger TO $ROLE;
GRANT INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO $ROLE;
GRANT DELETE ON inbox, staff, mute, withdrawal_draft, refund_draft, cart_item, cart_coupon, restock_wait, dialogue, notification, gateway_event, used_signature,
  proof_photo, proof_photo_band, proof_photo_twin, link_visit, campaign_visit, link_news, board_member, board_score, signal, order_payer, fraud_event,
  flag_commission, verification, upi_id, pan TO $ROLE;
-- The id of a credential is drawn before it is sealed.
GRANT USAGE ON SEQUENCE credential_id_seq TO $ROLE;
REVOKE UPDATE ON audit, utr, reveal, issuer, seaql_migrations FROM $ROLE;
REVOKE INSERT ON seaql_migrations FROM $ROLE;
-- The journal's trigger moves the balances with its owner's rights.
GRANT INSERT ON ledger.journal, ledger.snapshot, ledger.seal TO $ROLE;

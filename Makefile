# What the README names. Each target works on a fresh clone with Rust and a C compiler; PostgreSQL is fetched where that is allowed.

.PHONY: story test run bench lint postgres

story: postgres ## plays the main job end to end and prints it
	cargo run --quiet -- story

test: postgres ## all tests, on a PostgreSQL of their own
	cargo test --workspace --quiet

run: postgres ## the shop in its sandbox, or the real one when TELOXIDE_TOKEN is set
	cargo run --quiet

lint: ## formatting and lints, as CI wants them
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --quiet -- -D warnings

# DATABASE_URL and TEST_DATABASE_URL make the machine's own PostgreSQL unnecessary.
postgres:
	@sh .ci/postgres

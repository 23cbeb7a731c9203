//! What time does, on a real PostgreSQL: the schedule, the post office, and what they survive.

mod bodies;
mod post;
mod schedule;
mod survival;
mod world;

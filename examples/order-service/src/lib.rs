//! Example consumer.

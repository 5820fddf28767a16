//! Field values: small pure parsers and writers of what RFC 9110 defines, a file each.
//!
//! They take a whole field value without the whitespace around it, and are as strict as a sender has to be. What the
//! value means for a message is for others to judge.

pub mod challenge;
pub mod cookie;
pub mod date;
pub mod list;
pub mod media;
pub mod product;
pub mod range;
pub mod tag;
pub mod text;
pub mod uri;

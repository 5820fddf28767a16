//! Field values: small pure parsers and writers of what RFC 9110 defines, a file each.

pub mod date;

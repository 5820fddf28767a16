//! What no sentence asks for and everybody wants to know, and limits: RFC 9112 section 2.2, RFC 9110 section 5.4.

use startline_parser::rule::action::*;

startline_parser::rules! { pub static SEGMENTS; rfc 9112;
    /// What a message comes to does not depend on the segments in which its octets arrive.
    ///
    /// A message is a sequence of octets; where a read ends is an accident of the network. A server that loses its place
    /// between two reads fails now and then for some clients, and reads other requests than the hop in front sent. No
    /// sentence says it in so many words, so that it is a note.
    SEGMENTATION_INDEPENDENT = "segmentation-independent", section "2.2", Duty, Framing {
        Recipient on Request: None duty(),
    }
}

startline_parser::rules! { pub static FIELD_LIMITS; rfc 9110;
    /// Field lines that are larger, or more, than the server wishes to process are refused with a 4xx.
    ///
    /// A field that is left out silently may be the one that said where the content ends or who asks. A reset leaves the
    /// client in the dark about what to shorten.
    FIELDS_TOO_LARGE = "fields-too-large", section "5.4", Duty, Framing {
        Server on Request: Must duty(),
    }
}

//! Switching to another protocol: RFC 9110 section 7.8.

use startline_parser::rule::action::*;

startline_parser::rules! { pub static UPGRADE; rfc 9110;
    /// A server switches to no protocol that the client did not offer.
    ///
    /// After a 101 both sides speak the new protocol. A client that does not know it, or a hop that never heard of it,
    /// takes octets for what they are not.
    UPGRADE_OFFERED = "upgrade-offered", section "7.8", Duty, Framing {
        Server on Request: MustNot duty(),
    }

    /// Names of protocols are compared without regard to case.
    ///
    /// `WebSocket` and `websocket` are both sent, for reasons of history.
    UPGRADE_CASE = "upgrade-case", section "7.8", Duty, Semantics {
        Recipient on Request: Should duty(),
    }

    /// `Upgrade` in an HTTP/1.0 request is ignored.
    ///
    /// HTTP/1.0 has neither the field nor interim responses: a hop that speaks it passes both on without understanding
    /// them.
    UPGRADE_IN_HTTP10 = "upgrade-in-http10", section "7.8", Duty, Framing {
        Server on Request: Must duty(),
    }

    /// A request that expects 100-continue gets its 100 before a 101.
    ///
    /// The content is still to come in HTTP/1.1; after the 101 nobody could tell it from the new protocol.
    UPGRADE_CONTINUE_FIRST = "upgrade-continue-first", section "7.8", Duty, Framing {
        Server on Request: Must duty(),
    }

    /// An offer that the server does not take up is ignored.
    ///
    /// An upgrade cannot be insisted on, and need not be taken up. A server that refuses the request for the offer's
    /// sake turns away clients that would do without.
    UPGRADE_IGNORED = "upgrade-ignored", section "7.8", Duty, Semantics {
        Server on Request: May duty(),
    }

    /// A server does not switch where `Connection` does not name `Upgrade`.
    ///
    /// The client has to name it, so that hops which know nothing of it drop the field. Where it is not named, the offer
    /// may be an older hop's leftover. No sentence forbids to take it up.
    UPGRADE_NOT_NAMED = "upgrade-not-named", section "7.8", Duty, Framing {
        Server on Request: None duty(),
    }
}

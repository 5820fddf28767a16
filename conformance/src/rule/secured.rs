//! Connections under TLS, and requests that are for another origin than the connection: RFC 9112 section 9.8, RFC 9110
//! section 7.4.

use startline_parser::rule::action::*;

startline_parser::rules! { pub static TLS; rfc 9112;
    /// A TLS connection is closed with a closure alert.
    ///
    /// Without the alert nobody can tell the end of a response that lasts until the close from a response that an
    /// attacker cut off.
    CLOSURE_ALERT = "closure-alert", section "9.8", Duty, Framing {
        Server on Request: Must duty(),
    }

    /// A client's close without a closure alert does the server no harm.
    ///
    /// Clients that know where the last response ends leave without ceremony, all day long.
    INCOMPLETE_CLOSE = "incomplete-close", section "9.8", Duty, Semantics {
        Server on Request: Should duty(),
    }
}

startline_parser::rules! { pub static ORIGINS; rfc 9110;
    /// A request for an `https` resource is refused on a connection that is not secured for its origin.
    ///
    /// What is served in the clear under an `https` URI, or under the certificate of another host, can be read, changed
    /// and put into caches by whoever is in between. Connections from gateways that the server trusts are excepted.
    HTTPS_SECURED = "https-secured", section "7.4", Duty, Routing {
        OriginServer on Request: Must duty(),
    }

    /// A request for a host that the server was never configured for is refused or redirected.
    ///
    /// A default site that answers to any name is what cache poisoning and rebinding of names live on. The text leaves
    /// it to the server.
    HOST_NOT_CONFIGURED = "host-not-configured", section "7.4", Duty, Routing {
        OriginServer on Request: None duty(),
    }
}

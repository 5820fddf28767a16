//! Patience: how long a server waits for a peer that is slow, or says nothing. RFC 9112 section 9.5 leaves it to the server.

use startline_parser::rule::action::*;

startline_parser::rules! { pub static ROBUSTNESS; rfc 9112;
    /// A head that comes octet by octet does not hold a connection for ever.
    ///
    /// A few hundred clients that send an octet now and then occupy a server that waits without a bound.
    SLOW_HEAD_BOUNDED = "slow-head-bounded", section "9.5", Duty, Semantics {
        Server on Request: None duty(),
    }

    /// Content that stops coming does not hold a connection for ever.
    ///
    /// A request whose content never ends costs what a whole one does: a worker, a buffer, a place in the queue.
    SLOW_CONTENT_BOUNDED = "slow-content-bounded", section "9.5", Duty, Semantics {
        Server on Request: None duty(),
    }

    /// A connection on which nothing is asked is closed after a while.
    ///
    /// Idle connections are cheap, and add up.
    IDLE_BOUNDED = "idle-bounded", section "9.5", Duty, Semantics {
        Server on Request: None duty(),
    }

    /// A server that gives up on a connection closes it in order.
    ///
    /// A reset can erase a response that is still under way, and tells the client that something broke.
    TIMEOUT_GRACEFUL = "timeout-graceful", section "9.5", Duty, Semantics {
        Server on Request: Should duty(),
    }

    /// A close by the client is noticed, and answered by a close.
    ///
    /// Connections that only one side knows to be over fill tables and hold workers.
    CLOSURE_NOTICED = "closure-noticed", section "9.5", Duty, Semantics {
        Server on Request: Should duty(),
    }

    /// A client that does not read does not keep others from being answered.
    ///
    /// Responses that nobody fetches fill buffers; a server that waits for one client to read serves none meanwhile.
    UNREAD_ANSWERS = "unread-answers", section "9.5", Duty, Semantics {
        Server on Request: None duty(),
    }
}

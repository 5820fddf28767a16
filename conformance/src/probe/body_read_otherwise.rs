//! The whole content of a request is read, or the connection closed (RFC 9112 section 9.3): methods and fields for which
//! servers are known to leave it where it is.
//!
//! The conversation and its judgement are those of [`body_read`](super::body_read). Content of GET, HEAD and DELETE has
//! no meaning, content beside an expectation or an offer to upgrade is dealt with in code of its own, and a static file
//! needs none: in each of these places a server can answer and forget that there is content. What is left is the next
//! request, from whoever sent it.

use super::Probe;
use super::body_read::{MISSING, run};
use crate::judge::expectation::level;

pub(super) static BODY_READ_POST: Probe = Probe {
    name: "body-read-post",
    about: "sends POST with content to the known-good path; the content may not be answered as a request",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, "POST", "{path}", "", false).await }),
};

pub(super) static BODY_READ_HEAD: Probe = Probe {
    name: "body-read-head",
    about: "sends HEAD with content to the known-good path; the content may not be answered as a request",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, "HEAD", "{path}", "", false).await }),
};

pub(super) static BODY_READ_HEAD_CHUNKED: Probe = Probe {
    name: "body-read-head-chunked",
    about: "sends HEAD with chunked content to the known-good path; the content may not be answered as a request",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, "HEAD", "{path}", "", true).await }),
};

pub(super) static BODY_READ_OPTIONS: Probe = Probe {
    name: "body-read-options",
    about: "sends OPTIONS with content to the known-good path; the content may not be answered as a request",
    run: |check, context| {
        Box::pin(async move { run(level(check.rule), context, "OPTIONS", "{path}", "", false).await })
    },
};

pub(super) static BODY_READ_OPTIONS_ASTERISK: Probe = Probe {
    name: "body-read-options-asterisk",
    about: "sends OPTIONS with content to the server as a whole; the content may not be answered as a request",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, "OPTIONS", "*", "", false).await }),
};

pub(super) static BODY_READ_DELETE: Probe = Probe {
    name: "body-read-delete",
    about: "sends DELETE with content to a path that is missing; the content may not be answered as a request",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, "DELETE", MISSING, "", false).await }),
};

pub(super) static BODY_READ_PUT: Probe = Probe {
    name: "body-read-put",
    about: "sends PUT with content and an invalid Content-Range to a path that is missing; the content is no request",
    run: |check, context| {
        let fields = "Content-Range: bytes 0-0/1\n";
        Box::pin(async move { run(level(check.rule), context, "PUT", MISSING, fields, false).await })
    },
};

pub(super) static BODY_READ_EXPECT: Probe = Probe {
    name: "body-read-expect",
    about: "sends POST with an expectation and its content at once to a path that is missing; the content is no request",
    run: |check, context| {
        let fields = "Expect: 100-continue\n";
        Box::pin(async move { run(level(check.rule), context, "POST", MISSING, fields, false).await })
    },
};

pub(super) static BODY_READ_EXPECT_CHUNKED: Probe = Probe {
    name: "body-read-expect-chunked",
    about: "sends POST with an expectation and chunked content at once to a path that is missing; it is no request",
    run: |check, context| {
        let fields = "Expect: 100-continue\n";
        Box::pin(async move { run(level(check.rule), context, "POST", MISSING, fields, true).await })
    },
};

pub(super) static BODY_READ_EXPECT_GET: Probe = Probe {
    name: "body-read-expect-get",
    about: "sends GET with an expectation and content at once to the known-good path; the content is no request",
    run: |check, context| {
        let fields = "Expect: 100-continue\n";
        Box::pin(async move { run(level(check.rule), context, "GET", "{path}", fields, false).await })
    },
};

pub(super) static BODY_READ_EXPECT_ODD: Probe = Probe {
    name: "body-read-expect-odd",
    about: "sends POST with a word before the expectation and its content at once; the content is no request",
    run: |check, context| {
        let fields = "Expect: y 100-continue\n";
        Box::pin(async move { run(level(check.rule), context, "POST", "{path}", fields, false).await })
    },
};

pub(super) static BODY_READ_UPGRADE: Probe = Probe {
    name: "body-read-upgrade",
    about: "sends POST with content and an offer to upgrade to a protocol that nobody has; the content is no request",
    run: |check, context| {
        let fields = "Connection: upgrade\nUpgrade: startline-none/1\n";
        Box::pin(async move { run(level(check.rule), context, "POST", "{path}", fields, false).await })
    },
};

pub(super) static BODY_READ_UPGRADE_GET: Probe = Probe {
    name: "body-read-upgrade-get",
    about: "sends GET with content and an offer to upgrade to a protocol that nobody has; the content is no request",
    run: |check, context| {
        let fields = "Connection: upgrade\nUpgrade: startline-none/1\n";
        Box::pin(async move { run(level(check.rule), context, "GET", "{path}", fields, false).await })
    },
};

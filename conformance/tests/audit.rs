//! Audits against peers that behave in known ways: hostile ones, slow ones, ones behind TLS or a Unix socket, and the
//! reference server's own log of what reached it.

use std::future::pending;
use std::sync::Arc;
use std::time::{Duration, Instant};

use startline::backends;
use startline::check::{Check, Plan, Step, Tag, builtin};
use startline::connection::tls::TlsOptions;
use startline::judge::Verdict;
use startline::reference::{Behaviour, Deed, Reference};
use startline::runner::{Audit, CutShort, Options, audit, differs};
use startline::segment::Segmentation;
use startline::target::{AddressClass, Target, TargetOptions};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream, UnixListener};

fn checks(wanted: impl Fn(&Check) -> bool) -> Vec<Arc<Check>> {
    builtin().iter().filter(|check| wanted(check)).cloned().map(Arc::new).collect()
}

async fn run(url: &str, checks: &[Arc<Check>], options: &Options, target: &TargetOptions) -> Audit {
    let target = Target::resolve(url, target).await.unwrap();
    audit(target, checks, options, pending()).await
}

fn loopback() -> Options {
    Options::of(AddressClass::Loopback)
}

/// Every check has a result, and the time and the memory that the peer could take are bounded.
#[tokio::test(flavor = "multi_thread")]
async fn hostile_peers_leave_a_complete_report_within_the_deadline() {
    let all = checks(|_| true);
    for name in ["tarpit", "slow-drip", "endless", "endless-head", "resets-at-once", "resets-after-octets"] {
        let peer = backends::by_name(name).unwrap().start().unwrap();
        let options = Options { deadline: Duration::from_secs(8), ..loopback() };
        let started = Instant::now();
        let audit = run(&peer.url(), &all, &options, &TargetOptions::default()).await;
        assert!(started.elapsed() < Duration::from_secs(10), "{name}: {:?}", started.elapsed());
        assert_eq!(audit.results.len(), all.len(), "{name}");
        let judged = |verdict: Verdict| audit.results.iter().any(|result| result.judgement.verdict == verdict);
        assert!(!judged(Verdict::Fail) && !judged(Verdict::Warn) && !judged(Verdict::Error), "{name}");
        for observation in audit.results.iter().flat_map(|result| &result.exchanges) {
            // One read may go beyond the limit before it is noticed.
            let most = startline::exchange::RECEIVED_MOST + 64 * 1024;
            assert!(observation.octets().len() <= most, "{name}");
        }
        peer.stop();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_and_an_interruption_leave_what_is_known() {
    let server = Reference::start("127.0.0.1:0", Behaviour::default()).unwrap();
    let all = checks(|_| true);
    let options = Options { deadline: Duration::from_millis(600), jobs: 1, ..loopback() };
    let cut = run(&server.url(), &all, &options, &TargetOptions::default()).await;
    assert_eq!(cut.cut_short, Some(CutShort::Deadline));
    assert_eq!(cut.results.len(), all.len());
    assert!(cut.results.iter().any(|result| result.judgement.verdict == Verdict::NotJudged));

    let target = Target::resolve(&server.url(), &TargetOptions::default()).await.unwrap();
    let stop = tokio::time::sleep(Duration::from_millis(600));
    let interrupted = audit(target, &all, &Options { jobs: 1, ..loopback() }, stop).await;
    assert_eq!(interrupted.cut_short, Some(CutShort::Interrupted));
    assert_eq!(interrupted.results.len(), all.len());
}

/// The class of the address is injected: the peer is on this machine, and is treated as if it were not.
#[tokio::test(flavor = "multi_thread")]
async fn off_loopback_nothing_intrusive_is_sent_and_the_pace_is_kept() {
    let server = Reference::start("127.0.0.1:0", Behaviour::default()).unwrap();
    let chosen = checks(|check| check.id.starts_with("content-length-") || check.id.starts_with("host-m"));
    assert!(
        chosen.iter().any(|check| check.is(Tag::Intrusive)) && chosen.iter().any(|check| !check.is(Tag::Intrusive))
    );
    let elsewhere = Options { class: Some(AddressClass::Elsewhere), ..Options::of(AddressClass::Elsewhere) };
    assert!(elsewhere.jobs <= 4 && elsewhere.rate.is_some());
    let withheld = run(&server.url(), &chosen, &elsewhere, &TargetOptions::default()).await;
    for result in &withheld.results {
        let is_withheld = result.judgement.why.contains("--i-am-authorised");
        assert_eq!(is_withheld, result.check.is(Tag::Intrusive), "{}", result.check.id);
        assert!(!is_withheld || result.exchanges.is_empty(), "{}", result.check.id);
    }
    let sent: Vec<u8> =
        server.read_log().iter().flat_map(|log| log.reads.iter().flat_map(|read| read.octets.clone())).collect();
    let has = |needle: &[u8]| sent.windows(needle.len()).any(|window| window == needle);
    assert!(!has(b"Content-Length: +5"), "an intrusive check was sent");

    let authorised = Options { authorised: true, rate: Some(200), ..elsewhere };
    let sent_all = run(&server.url(), &chosen, &authorised, &TargetOptions::default()).await;
    assert!(sent_all.results.iter().all(|result| !result.judgement.why.contains("--i-am-authorised")));
}

/// Getting to know a target keeps the pace and the peace as well: nothing unsafe is sent, and no connection comes early.
#[tokio::test(flavor = "multi_thread")]
async fn calibration_off_loopback_is_safe_and_paced() {
    const RATE: u32 = 25;
    let server = Reference::start("127.0.0.1:0", Behaviour::default()).unwrap();
    let arrivals = |server: &startline::reference::Running| {
        let log = server.read_log();
        let posts = log.iter().flat_map(|log| &log.reads).filter(|read| read.octets.starts_with(b"POST")).count();
        (log.len(), posts)
    };
    let elsewhere = Options {
        class: Some(AddressClass::Elsewhere),
        rate: Some(RATE),
        jobs: 2,
        ..Options::of(AddressClass::Elsewhere)
    };
    let started = std::time::Instant::now();
    let audit = run(&server.url(), &[], &elsewhere, &TargetOptions::default()).await;
    let took = started.elapsed();
    assert!(audit.calibration.is_ok(), "{:?}", audit.calibration);
    let (connections, posts) = arrivals(&server);
    assert_eq!(posts, 0, "an unsafe method was sent");
    assert!(connections > 10, "{connections} connections");
    let least = Duration::from_secs(1) / RATE * u32::try_from(connections - 1).unwrap();
    assert!(took >= least, "{connections} connections in {took:?}");

    let authorised = Options { authorised: true, ..elsewhere };
    run(&server.url(), &[], &authorised, &TargetOptions::default()).await;
    assert_eq!(arrivals(&server).1, 1);
}

/// Steps reach the peer as the segments that they are.
#[tokio::test(flavor = "multi_thread")]
async fn segments_arrive_as_segments() {
    let server = Reference::start("127.0.0.1:0", Behaviour::default()).unwrap();
    let text = r#"
[[check]]
id = "in-pieces"
rule = "field-unknown"
title = "a request in three segments"
expect = { status = ["200"], reason = "a request is the same in any pieces" }
[[check.step]]
send = 'GET {path} HTTP/1.1\r\nHo'
[[check.step]]
send = 'st: {host}\r'
[[check.step]]
send = '\n\r\n'
"#;
    let mine: Vec<Arc<Check>> =
        startline::check::load_text("mine.toml", text).unwrap().into_iter().map(Arc::new).collect();
    let Plan::Exchange { steps, .. } = &mine[0].plan else { panic!("an exchange") };
    assert_eq!(steps.iter().filter(|step| matches!(step, Step::Send(_))).count(), 3);
    let audit = run(&server.url(), &mine, &loopback(), &TargetOptions::default()).await;
    assert_eq!(audit.results[0].judgement.verdict, Verdict::Pass, "{}", audit.results[0].judgement.why);
    let log = server.read_log();
    let pieces: Vec<Vec<&[u8]>> =
        log.iter().map(|log| log.reads.iter().map(|read| &read.octets[..]).collect()).collect();
    let expected = |reads: &Vec<&[u8]>| {
        let reads: Vec<&&[u8]> = reads.iter().filter(|octets| !octets.is_empty()).collect();
        reads.len() == 3 && reads[0].ends_with(b"\r\nHo") && reads[1].ends_with(b"\r") && **reads[2] == *b"\n\r\n"
    };
    assert!(pieces.iter().any(expected), "{pieces:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn ipv6_unix_sockets_and_tls() {
    let is_wanted = |check: &Check| check.id.starts_with("host-") || check.id.starts_with("content-length-pl");
    let chosen = checks(|check| is_wanted(check) && !check.is(Tag::Cleartext));
    let unclean = |audit: &Audit| -> Vec<String> {
        let wrong = audit.results.iter().filter(|result| result.judgement.verdict != Verdict::Pass);
        let told = wrong.map(|result| format!("{}: {:?}", result.check.id, result.judgement));
        told.chain(audit.calibration.as_ref().err().cloned()).collect()
    };

    let six = Reference::start("[::1]:0", Behaviour::default()).unwrap();
    let audit = run(&six.url(), &chosen, &loopback(), &TargetOptions::default()).await;
    assert_eq!(unclean(&audit), Vec::<String>::new());

    let server = Reference::start("127.0.0.1:0", Behaviour::default()).unwrap();
    let address = server.address();
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("s");
    let listener = UnixListener::bind(&socket).unwrap();
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut far = TcpStream::connect(address).await.unwrap();
                let _ = copy_bidirectional(&mut near, &mut far).await;
            });
        }
    });
    let url = format!("http+unix://{}/", socket.display().to_string().replace('/', "%2F"));
    let audit = run(&url, &chosen, &loopback(), &TargetOptions::default()).await;
    assert_eq!(unclean(&audit), Vec::<String>::new());
    assert!(audit.calibration.as_ref().is_ok_and(|known| known.ordinary == Ok(200)));

    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let ca = folder.path().join("ca.pem");
    std::fs::write(&ca, made.cert.pem()).unwrap();
    let port = tls_front(address, &made).await;
    let url = format!("https://localhost:{port}/");
    let options = |insecure, ca| TargetOptions { tls: TlsOptions { insecure, ca }, ..TargetOptions::default() };
    for trusted in [options(true, None), options(false, Some(ca.clone()))] {
        let audit = run(&url, &chosen, &loopback(), &trusted).await;
        assert_eq!(unclean(&audit), Vec::<String>::new());
        assert!(audit.calibration.as_ref().is_ok_and(|known| known.ordinary == Ok(200)));
    }
    let distrusted = run(&url, &chosen, &loopback(), &options(false, None)).await;
    assert!(distrusted.calibration.unwrap_err().contains("certificate"), "an unknown certificate is told");
}

/// A TLS server in front of a plain one.
async fn tls_front(address: std::net::SocketAddr, made: &rcgen::CertifiedKey<rcgen::KeyPair>) -> u16 {
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(startline::connection::tls::provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                if let Ok(mut near) = acceptor.accept(near).await {
                    let mut far = TcpStream::connect(address).await.unwrap();
                    let _ = copy_bidirectional(&mut near, &mut far).await;
                }
            });
        }
    });
    port
}

/// Verdicts do not hang on how many exchanges are under way, nor on the server having one worker.
#[tokio::test(flavor = "multi_thread")]
async fn verdicts_do_not_depend_on_jobs_or_workers() {
    let chosen = checks(|check| check.file.contains("6.3") || check.file.contains("3.2-host"));
    let server = Reference::start("127.0.0.1:0", Behaviour::default()).unwrap();
    let verdicts =
        |audit: &Audit| -> Vec<Verdict> { audit.results.iter().map(|result| result.judgement.verdict).collect() };
    let many = run(&server.url(), &chosen, &loopback(), &TargetOptions::default()).await;
    let one = run(&server.url(), &chosen, &Options { jobs: 1, ..loopback() }, &TargetOptions::default()).await;
    assert_eq!(verdicts(&many), verdicts(&one));
    let alone = backends::by_name("one-worker").unwrap().start().unwrap();
    let worker = run(&alone.url(), &chosen, &loopback(), &TargetOptions::default()).await;
    assert_eq!(worker.calibration.as_ref().map(|known| known.capacity), Ok(1));
    assert_eq!(verdicts(&many), verdicts(&worker));
}

/// Octets mean the same in whatever segments they arrive; a server for which they do not is noted, and no verdict of a
/// check becomes a finding by it.
#[tokio::test(flavor = "multi_thread")]
async fn verdicts_that_change_with_the_segments_are_told() {
    let chosen = checks(|check| {
        ["content-length-plus-sign", "chunk-size-underscore", "segmentation-plain"].contains(&&check.id[..])
    });
    assert_eq!(chosen.len(), 3);
    let options = Options { segmentations: Segmentation::ALL.to_vec(), ..loopback() };
    let sound = Reference::start("127.0.0.1:0", Behaviour::default()).unwrap();
    let clean = run(&sound.url(), &chosen, &options, &TargetOptions::default()).await;
    for result in &clean.results {
        assert_eq!(result.judgement.verdict, Verdict::Pass, "{}: {}", result.check.id, result.judgement.why);
        assert!(!differs(result), "{}", result.check.id);
        let ways = if matches!(result.check.plan, Plan::Probe(_)) { 0 } else { 3 };
        assert_eq!(result.segmented.len(), ways);
    }
    let split = Behaviour::default().with(Deed::SplitLineEndTwice);
    let split = Reference::start("127.0.0.1:0", split).unwrap();
    let audit = run(&split.url(), &chosen, &options, &TargetOptions::default()).await;
    let changed: Vec<&str> =
        audit.results.iter().filter(|result| differs(result)).map(|result| &result.check.id[..]).collect();
    assert!(!changed.is_empty());
    let note = audit.results.iter().find(|result| result.check.id == "segmentation-plain").unwrap();
    assert_eq!(note.judgement.verdict, Verdict::Note);
    assert!(note.judgement.why.contains("octets") && note.judgement.why.contains(changed[0]), "{}", note.judgement.why);
}

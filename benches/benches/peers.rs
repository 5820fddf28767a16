//! Every peer over every input, in one run: the figures of a run can be compared with each other, those of different runs
//! on a shared machine cannot.
//!
//! A group is an input, a function in it a peer. Peers are called through a trait object, so that no call is inlined into
//! the loop, and the messages of an input are taken in rotation.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use startline_benches::{inputs, peers};

fn every_peer_on_every_input(criterion: &mut Criterion) {
    for input in inputs::all() {
        let mut group = criterion.benchmark_group(input.id);
        group.throughput(Throughput::Bytes(input.mean_len() as u64));
        for mut peer in peers::all() {
            if peer.skips(input.kind).is_some() {
                continue;
            }
            let mut messages = input.messages.iter().cycle();
            group.bench_function(peer.name(), |bencher| {
                bencher.iter(|| {
                    let message = messages.next().expect("a cycle of at least one");
                    peer.read(input.kind, black_box(&message.octets))
                });
            });
        }
        group.finish();
    }
}

fn criterion() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .sample_size(50)
        .without_plots()
}

criterion_group! {
    name = benches;
    config = criterion();
    targets = every_peer_on_every_input
}
criterion_main!(benches);

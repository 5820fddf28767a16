//! Request heads of growing sizes, and heads that arrive in pieces: how time grows.
//!
//! A group is a curve or an input, a function in it a reader and a size.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use startline_benches::{curves, pieces};

fn growth(criterion: &mut Criterion) {
    for mut curve in curves::all() {
        let mut group = criterion.benchmark_group(format!("curve-{}", curve.id));
        for point in &curve.points {
            let message = &point.message;
            group.throughput(Throughput::Bytes(message.octets.len() as u64));
            for reader in curve.readers.iter_mut().filter(|reader| reader.takes(message.octets.len())) {
                group.bench_function(BenchmarkId::new(reader.name(), point.n), |bencher| {
                    bencher.iter(|| reader.read(black_box(message)));
                });
            }
        }
        group.finish();
    }
}

fn in_pieces(criterion: &mut Criterion) {
    for input in pieces::inputs() {
        let mut group = criterion.benchmark_group(format!("pieces-{}", input.id));
        let message = &input.messages[0];
        group.throughput(Throughput::Bytes(message.octets.len() as u64));
        for mut reader in pieces::readers() {
            group.bench_function(reader.name().to_owned(), |bencher| {
                bencher.iter(|| reader.read(black_box(message)));
            });
        }
        group.finish();
    }
}

fn criterion() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(800))
        .sample_size(20)
        .without_plots()
}

criterion_group! {
    name = benches;
    config = criterion();
    targets = growth, in_pieces
}
criterion_main!(benches);

//! What an input of `startline fuzz` costs before and after it is sent: made by the generator, and read by the reader,
//! strictly and in every way that the RFCs permit.
//!
//! A benchmark goes over 1,000 inputs of a mix; criterion's elements are inputs.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use startline::fuzz::generate::{Generator, Mix, of_checks};
use startline::fuzz::input::Input;
use startline::fuzz::site::Site;
use startline::judge::{permitted_requests, requests};

const INPUTS: u64 = 1000;

fn site() -> Site {
    Site { host: "127.0.0.1:8080".to_owned(), path: "/".to_owned(), scheme: "http" }
}

fn generators() -> [(&'static str, Generator); 3] {
    [
        ("default", Generator::new(1, site(), Mix::DEFAULT, Vec::new())),
        ("kept", Generator::new(1, site(), Mix::KEPT, Vec::new())),
        ("default-recombined", Generator::new(1, site(), Mix::DEFAULT, of_checks(&site()))),
    ]
}

fn generate(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("generate");
    group.throughput(Throughput::Elements(INPUTS));
    for (name, generator) in generators() {
        group.bench_function(name, |bencher| {
            bencher.iter(|| (0..INPUTS).for_each(|index| drop(black_box(generator.input(index, &[])))));
        });
    }
    group.finish();
}

fn read(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read");
    group.throughput(Throughput::Elements(INPUTS));
    for (name, generator) in generators() {
        let inputs: Vec<Input> = (0..INPUTS).map(|index| generator.input(index, &[])).collect();
        group.bench_function(format!("strict-{name}"), |bencher| {
            bencher.iter(|| inputs.iter().for_each(|input| drop(black_box(requests(input.octets())))));
        });
        group.bench_function(format!("permitted-{name}"), |bencher| {
            bencher.iter(|| inputs.iter().for_each(|input| drop(black_box(permitted_requests(input.octets())))));
        });
    }
    group.finish();
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
    targets = generate, read
}
criterion_main!(benches);

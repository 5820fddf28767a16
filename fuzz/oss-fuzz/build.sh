#!/usr/bin/env bash
# Builds every fuzz target as OSS-Fuzz and ClusterFuzzLite expect it: the binary, its seed corpus, its dictionary and its
# libFuzzer options, all in $OUT. $SANITIZER says how; flags for coverage are taken to be in RUSTFLAGS, set by the images.
#
# Run from the root of the repository, or with $SRC/startline being it.
set -euo pipefail

: "${OUT:?is where the targets go}"
if [ ! -f fuzz/Cargo.toml ]; then
    cd "${SRC:?is where the sources are}/startline"
fi
[ "${FUZZING_ENGINE:-libfuzzer}" = libfuzzer ] || { echo "build.sh: not an engine of cargo-fuzz: $FUZZING_ENGINE" >&2; exit 1; }

target_dir=${CARGO_TARGET_DIR:-fuzz/target}
triple=$(rustc -vV | sed -n 's/^host: //p')
arguments=(-O --debug-assertions --target "$triple" --target-dir "$target_dir")
case ${SANITIZER:-address} in
    address) arguments+=(--sanitizer address) ;;
    # The coverage runs have flags of their own in RUSTFLAGS, which must not meet those of a sanitizer.
    coverage | none) arguments+=(--sanitizer none) ;;
    *) echo "build.sh: not a sanitizer that these targets are built with: $SANITIZER" >&2; exit 1 ;;
esac

cargo fuzz build "${arguments[@]}"

for source in fuzz/fuzz_targets/*.rs; do
    name=$(basename "$source" .rs)
    cp "$target_dir/$triple/release/$name" "$OUT/"
    # Only what is committed: a fuzzer that ran here has left files of its own in the same folder.
    seeds=$(mktemp -d)
    cp -L "fuzz/corpus/$name/"*.seed "$seeds/"
    if [ -d "fuzz/regressions/$name" ]; then
        for file in "fuzz/regressions/$name/"*; do
            cp "$file" "$seeds/regression-$(basename "$file")"
        done
    fi
    rm -f "$OUT/${name}_seed_corpus.zip"
    (cd "$seeds" && zip -q -X "$OUT/${name}_seed_corpus.zip" -- *)
    rm -rf "$seeds"
    cp fuzz/startline.dict "$OUT/$name.dict"
    cp fuzz/oss-fuzz/libfuzzer.options "$OUT/$name.options"
done

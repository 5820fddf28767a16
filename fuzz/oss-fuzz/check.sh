#!/usr/bin/env bash
# Builds the fuzz targets as a fleet would and looks at what came out, as far as that goes without Docker and its images:
# the files that a fleet asks for, instrumentation, and that every target runs over its own seeds. It does not build the
# Dockerfiles, and what the images' clang and nightly do may differ.
#
#   bash fuzz/oss-fuzz/check.sh
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/src" "$work/out" "$work/elsewhere"
ln -s "$PWD" "$work/src/startline"
export SRC=$work/src OUT=$work/out SANITIZER=address FUZZING_ENGINE=libfuzzer ARCHITECTURE=x86_64

fail() {
    echo "check.sh: $*" >&2
    exit 1
}

# The script of ClusterFuzzLite ends in that of OSS-Fuzz, so this runs both.
bash .clusterfuzzlite/build.sh

python3 - fuzz/oss-fuzz/project.yaml .clusterfuzzlite/project.yaml <<'PYTHON'
import sys
try:
    import yaml
except ImportError:
    sys.exit(print("not checked: PyYAML is not installed, so project.yaml is not read"))
for path in sys.argv[1:]:
    project = yaml.safe_load(open(path))
    assert project["language"] == "rust", path
PYTHON

count=0
for source in fuzz/fuzz_targets/*.rs; do
    name=$(basename "$source" .rs) binary=$OUT/$(basename "$source" .rs)
    [ -x "$binary" ] || fail "$name: there is no program"

    # A runner has little but libc. The host's C++ library stands here for the one that the images link statically.
    foreign=$(ldd "$binary" | awk '{print $1}' |
        grep -vE '^(linux-vdso|/lib.*/ld-linux|lib(c|m|dl|rt|pthread|gcc_s|stdc\+\+|c\+\+)\.so)' || true)
    [ -z "$foreign" ] || fail "$name: needs $foreign, which a runner lacks"

    nm "$binary" > "$work/symbols"
    for symbol in LLVMFuzzerTestOneInput __asan_init asan.module_ctor; do
        grep -q "$symbol" "$work/symbols" || fail "$name: no symbol $symbol"
    done
    readelf -SW "$binary" > "$work/sections"
    grep -q '__sancov_cntrs' "$work/sections" || fail "$name: no counters of coverage"

    # From here on as a runner has it: only $OUT, from another folder.
    seeds=$work/seeds-$name
    unzip -q "$OUT/${name}_seed_corpus.zip" -d "$seeds" || fail "$name: the seeds do not unpack"
    # What is committed, and nothing that a fuzzer left in these folders.
    wanted=$(git ls-files "fuzz/regressions/$name" "$(realpath "fuzz/corpus/$name")" | wc -l)
    got=$(find "$seeds" -type f | wc -l)
    [ "$got" -eq "$wanted" ] || fail "$name: $got seeds of $wanted"

    python3 - "$OUT/$name.options" > "$work/flags" <<'PYTHON' || fail "$name: the options are not read"
import configparser, sys
options = configparser.ConfigParser()
options.read(sys.argv[1])
print(*(f"-{key}={value}" for key, value in options["libfuzzer"].items()), sep="\n")
PYTHON
    mapfile -t flags < "$work/flags"

    # A run over the seeds and a little further; libFuzzer ends with an error for a dictionary that it cannot read.
    (cd "$work/elsewhere" && "$binary" "${flags[@]}" -dict="$OUT/$name.dict" -seed=1337 -runs=2000 "$seeds") \
        > "$work/log" 2>&1 || { tail -n 30 "$work/log" >&2; fail "$name: does not run over its seeds"; }
    grep -q 'Dictionary: [1-9]' "$work/log" || fail "$name: no dictionary was read"
    ! grep -qE 'WARNING: (no interesting|unrecognized)' "$work/log" || fail "$name: $(grep WARNING "$work/log")"
    count=$((count + 1))
    echo "$name: $got seeds, $(sed -n 's/.*Dictionary: \([0-9]*\) entries/\1/p' "$work/log") words, coverage $(
        sed -n 's/.*cov: \([0-9]*\).*/\1/p' "$work/log" | tail -n 1)"
done
echo "check.sh: $count targets are as a fleet expects them"

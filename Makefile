# The front door. Meson and Ninja do the work behind it; every target installs what it needs first (Debian 12 and 13).
JOBS ?= $(shell nproc)
PORT ?= 8080
NINJA = ninja -j $(JOBS)

all: build/sango ## build the program, build/sango

build/sango: installed-build build/build.ninja FORCE
	@$(NINJA) -C build sango

build/build.ninja:
	@meson setup build

build-asan/build.ninja:
	@CC=clang meson setup build-asan -Db_sanitize=address,undefined -Db_lundef=false -Doptimization=1

build-tsan/build.ninja:
	@CC=clang meson setup build-tsan -Db_sanitize=thread -Db_lundef=false -Doptimization=1

installed-%: FORCE
	@tools/install $*

run: build/sango ## install, build, and serve the demo city of ./demo on http://127.0.0.1:8080
	@build/sango demo --dir ./demo --port $(PORT)

test: installed-build installed-test build/build.ninja build-asan/build.ninja ## install, build and test everything
	@$(NINJA) -C build
	@$(NINJA) -C build-asan
	@tests/browser/install
	@tests/run.py build build-asan

asan: installed-build installed-test build-asan/build.ninja ## the tests under ASan, UBSan and LeakSanitizer alone
	@$(NINJA) -C build-asan
	@tests/run.py --short build-asan

torture: installed-build installed-test build/build.ninja ## faults under load on both databases, for T=600 seconds (SEED=N, JSON=FILE)
	@$(NINJA) -C build sango
	@exec tests/torture/torture.py --seconds $(or $(T),600) $(if $(SEED),--seed $(SEED)) $(if $(JSON),--json '$(JSON)') build/sango

restarts: installed-build installed-test build/build.ninja ## a new server under load, again and again, on both databases (N=100)
	@$(NINJA) -C build sango
	@SITE_RESTARTS=$(or $(N),100) tests/run.py --suite restarts build

tsan: installed-build installed-test build-tsan/build.ninja ## the tests of threads under ThreadSanitizer
	@$(NINJA) -C build-tsan
	@$$(setarch -R true 2>/dev/null && echo setarch -R) tests/run.py --suite threads build-tsan

build-fuzz/build.ninja:
	@CC=clang meson setup build-fuzz -Dfuzz=true -Db_lundef=false -Doptimization=1

fuzz: installed-build installed-test build-fuzz/build.ninja ## look for faults in every reader of bytes (T=SECONDS each, 60)
	@$(NINJA) -C build-fuzz $(addprefix tests/fuzz/fuzz_,$(notdir $(wildcard tests/fuzz/corpus/*)))
	@tests/fuzz/run.py build-fuzz $(or $(T),60)

bench: build/sango installed-bench ## measure it beside the machine's limits (SHORT=1, JSON=FILE, NATION=1, FLAT=10M)
	@$(NINJA) -C build bench_programs
	@bench/bench.py $(if $(SHORT),--short) $(if $(JSON),--json '$(JSON)') $(if $(NATION),--nation) $(if $(FLAT),--flat $(FLAT))

screenshots: installed-build installed-test build/build.ninja ## take the pictures of the documents anew, docs/images
	@$(NINJA) -C build
	@tests/browser/install
	@mkdir -p docs/images
	@SCREENSHOTS='$(CURDIR)/docs/images' meson test -C build --no-rebuild browser/resident browser/facility browser/city

lint: installed-build installed-test build-asan/build.ninja ## check format, floors, words and clang-tidy
	@$(NINJA) -C build-asan
	@tools/lint.py build-asan

install: build/sango ## install the program (DESTDIR is honoured)
	@meson install -C build --no-rebuild

clean: ## remove everything that was built
	rm -rf build build-asan build-tsan build-fuzz

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' Makefile | expand -t 10

FORCE:
.NOTPARALLEL:
.PHONY: screenshots all run test asan tsan torture restarts fuzz bench lint install clean help FORCE

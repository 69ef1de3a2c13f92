/* Any bytes are a template or are refused with a line: never a crash, and what is accepted gives C of bounded size. */
#include <assert.h>
#include <stdint.h>

#include "tmpl/tmpl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > 20000) {
        return 0;
    }
    struct arena arena;
    arena_init(&arena, (size_t)64 << 20);
    struct tmpl_job job = {.source = {(const char *)data, size}, .path = TEXT("t.html"), .name = TEXT("t")};
    struct tmpl_output output;
    struct tmpl_fault fault = {.line = 0};
    if (tmpl_compile(&arena, &job, &output, &fault)) {
        assert(text_utf8_ok(output.code));
    } else {
        assert(fault.line >= 1 && fault.message[0] != '\0');
    }
    arena_release(&arena);
    return 0;
}

#include "web/asset.h"

const struct asset *asset_find(struct text name) {
    for (size_t i = 0; i < asset_count; i++) {
        if (text_eq(assets[i].name, name)) {
            return &assets[i];
        }
    }
    return NULL;
}

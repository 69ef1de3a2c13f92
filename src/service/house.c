#include "service/house.h"

#include "db/db.h"

const struct house_city *house_city_by_code(const struct house *house, struct text code) {
    for (size_t i = 0; i < house->city_count; i++) {
        if (text_eq(house->cities[i].code, code)) {
            return &house->cities[i];
        }
    }
    return NULL;
}

const struct house_city *house_city_by_id(const struct house *house, struct city_id id) {
    for (size_t i = 0; i < house->city_count; i++) {
        if (house->cities[i].id.n == id.n) {
            return &house->cities[i];
        }
    }
    return NULL;
}

const char *const house_public_tables[] = {"city", "closed_day", "facility", "facility_care",
                                           "slot", "block",      NULL};

bool house_writable(const struct house *house, struct arena *arena) {
    enum db_error error;
    return db_ping_writable(house->db, arena, &error) == RC_OK;
}

bool house_alone(const struct house *house) {
    return db_engine(house->db) == DB_SQLITE;
}

// What this checker needs to read: whole numbers and nothing else.
#pragma once
#include <fstream>
#include <string>

struct Words {
    std::ifstream file;
    bool broken = false;

    explicit Words(const char *path) : file(path) {}

    // The next number; -1 at the end, and where something else is written.
    int next() {
        std::string word;
        if (!(file >> word)) return -1;
        broken = broken || word.size() > 6 || word.find_first_not_of("0123456789") != word.npos;
        return broken ? -1 : std::stoi(word);
    }
};

#include <iostream>
#include <set>
#include <sstream>
#include <string>

int main() {
    std::string line, name;
    std::getline(std::cin, line);
    std::istringstream first(line);
    std::set<std::string> names;
    while (first >> name) names.insert(name);
    while (std::cin >> name)
        if (names.count(name)) std::cout << name << '\n';
}

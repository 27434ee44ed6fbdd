#include <iostream>

int main() {
    int lanterns, seen = 0;
    long long highest = 0, height;
    std::cin >> lanterns;
    while (lanterns-- && std::cin >> height)
        if (height > highest) highest = height, ++seen;
    std::cout << "  " << seen << "\n\n";  // white space does not matter here
}

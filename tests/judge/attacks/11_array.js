// Fills a thousand million numbers.
const numbers = [];
for (let count = 0; count < 1000; count++) numbers.push(new Float64Array(1_000_000).fill(count));
console.log(numbers.length);

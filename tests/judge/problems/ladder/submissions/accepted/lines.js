const [length, distance] = require("fs").readFileSync(0, "utf8").split(" ").map(Number);
console.log(Math.sqrt(length * length - distance * distance).toExponential());
console.log((Math.acos(distance / length) * 180) / Math.PI);

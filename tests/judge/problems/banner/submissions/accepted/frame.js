const name = require("fs").readFileSync(0, "utf8").split("\n")[0];
const edge = "*".repeat(name.length + 4);
console.log(`${edge}\n* ${name} *\n${edge}`);

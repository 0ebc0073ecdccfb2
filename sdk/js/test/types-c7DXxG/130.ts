// baseandvirtualdocs/base/virtual: prefix
import type { Entrypoints } from "./130.policy.js";
const answer: Entrypoints["topdown/r"]["result"] = [["c",{"empty":{},"p":[1,2],"q":[3,4],"r":{"a":1,"b":2},"s":{"w":{"f":10,"g":9.9}},"true":false,"undefined1":{},"undefined2":{},"x":[100,200],"z":{"a":"b"}}]];
export {};

// baseandvirtualdocs/base/virtual
import type { Entrypoints } from "./128.policy.js";
const answer: Entrypoints["topdown/p"]["result"] = [["c","p",0,1],["c","p",1,2],["c","q",0,3],["c","q",1,4],["c","r","a",1],["c","r","b",2],["c","s","w",{"f":10,"g":9.9}],["c","x",0,100],["c","x",1,200],["c","z","a","b"]];
export {};

import { finding, rule } from "../../rule.ts";
import { adds } from "./adds.ts";

/** The capability DAC_READ_SEARCH is not added. */
export const noDacReadSearch = rule({
  name: "no-dac-read-search",
  id: "CIS C.5.3.1",
  title: "The capability DAC_READ_SEARCH is not added.",
  about: "container",
  severity: "high",
  level: "advisory",
  why: "With it a process reads every file of the host that it can name, past all file modes.",
  fix: "take DAC_READ_SEARCH out, and give the program's user the files it needs",
  check: (container) => finding(container.capAdd, adds("DAC_READ_SEARCH")),
});

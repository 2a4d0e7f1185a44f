// The recorder of `dockwright/testing`, for the tests of this repository.
export { named, ofType, type Registered, register } from "../../sdk/testing/recorder.ts";

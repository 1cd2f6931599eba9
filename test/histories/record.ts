import { loadApp } from './app.ts';
import { currentVersion, emptyFolder, refuseReleased, writeGoldenFile } from './golden-files.ts';
import { paths } from './paths.ts';
import { recordPath } from './record-path.ts';

// `npm run record-histories`: records every path of the app as it is into the folder of its version, unless that is released.
const version = currentVersion();
refuseReleased(version);
const { invoker } = await loadApp();
const recordings = [];
for (const path of paths) recordings.push({ path, recording: await recordPath(invoker, path) });
emptyFolder(version);
for (const { path, recording } of recordings) writeGoldenFile(version, path, recording);
process.stdout.write(`Recorded ${recordings.length} histories of ${version}.\n`);

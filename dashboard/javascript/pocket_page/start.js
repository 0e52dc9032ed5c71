// Begin: the data of the file, and the page they make.

import {PocketPage} from "./pocket_page.js";

const read = (id) => JSON.parse(document.getElementById(id).textContent);
window.pushpull = {page: new PocketPage(read("pocket-data"))};
window.pushpull.page.begin();

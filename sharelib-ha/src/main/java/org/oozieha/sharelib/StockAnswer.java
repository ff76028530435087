package org.oozieha.sharelib;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.oozie.client.rest.JsonUtils;
import org.oozieha.sharelib.version.Listing;

/** What stock Oozie answers to an update, for those who parse it. */
final class StockAnswer {
    private StockAnswer() {}

    /** @param before what was served before; null for nothing */
    static Map<String, String> of(ShareLibContent before, Listing now) {
        Map<String, String> answer = new LinkedHashMap<>();
        if (now.kind() == Listing.Kind.MAPPING_FILE) {
            answer.put("sharelibMetaFile", now.path());
            answer.put("sharelibMetaFileNewTimeStamp", time(now));
            answer.put("sharelibMetaFileOldTimeStamp", before == null ? null : time(before.listing()));
        } else {
            answer.put("sharelibDirNew", now.path());
            answer.put(
                    "sharelibDirOld", before == null ? null : before.listing().path());
        }
        return Collections.unmodifiableMap(answer);
    }

    static String time(Listing listing) {
        return JsonUtils.formatDateRfc822(new java.util.Date(listing.modifiedMs()), "GMT");
    }
}

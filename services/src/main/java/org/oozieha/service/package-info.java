/**
 * The classes named in {@code oozie.services.ext}, all thin, and {@link org.oozieha.service.HaNode}, which owns the session they share.
 */
package org.oozieha.service;

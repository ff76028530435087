package org.oozieha.it.hive;

import java.util.List;
import org.apache.hadoop.hive.metastore.FileFormatProxy;
import org.apache.hadoop.hive.metastore.PartitionExpressionProxy;
import org.apache.hadoop.hive.metastore.api.FileMetadataExprType;
import org.apache.hadoop.hive.ql.io.sarg.SearchArgument;
import org.apache.hadoop.hive.serde2.typeinfo.PrimitiveTypeInfo;

/** Spares the metastore Hive's query engine: filters by compiled expressions are not supported. */
public final class NoExpressions implements PartitionExpressionProxy {
    @Override
    public String convertExprToFilter(byte[] expression) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean filterPartitionsByExpr(
            List<String> names,
            List<PrimitiveTypeInfo> types,
            byte[] expression,
            String byDefault,
            List<String> parts) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileMetadataExprType getMetadataType(String format) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileFormatProxy getFileFormatProxy(FileMetadataExprType type) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SearchArgument createSarg(byte[] expression) {
        throw new UnsupportedOperationException();
    }
}

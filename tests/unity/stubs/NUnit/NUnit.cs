// NUnit: as much of NUnit 3 as the EditMode tests use; they run in a real editor, here they are only compiled.
using System;
using System.Collections;

namespace NUnit.Framework
{
    [AttributeUsage(AttributeTargets.Method)]
    public sealed class TestAttribute : Attribute
    {
    }

    [AttributeUsage(AttributeTargets.Class)]
    public sealed class TestFixtureAttribute : Attribute
    {
    }

    [AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
    public sealed class TestCaseAttribute : Attribute
    {
        public TestCaseAttribute(params object[] arguments)
        {
        }
    }

    [AttributeUsage(AttributeTargets.Method)]
    public sealed class SetUpAttribute : Attribute
    {
    }

    [AttributeUsage(AttributeTargets.Method)]
    public sealed class TearDownAttribute : Attribute
    {
    }

    public delegate void TestDelegate();

    public static class Assert
    {
        public static void AreEqual(object expected, object actual, string message = null) => throw new NotImplementedException();

        public static void AreEqual(double expected, double actual, double delta, string message = null) =>
            throw new NotImplementedException();

        public static void AreSame(object expected, object actual) => throw new NotImplementedException();

        public static void IsTrue(bool condition, string message = null) => throw new NotImplementedException();

        public static void IsFalse(bool condition, string message = null) => throw new NotImplementedException();

        public static void IsNull(object anObject, string message = null) => throw new NotImplementedException();

        public static void IsNotNull(object anObject, string message = null) => throw new NotImplementedException();

        public static void IsEmpty(IEnumerable collection, string message = null) => throw new NotImplementedException();

        public static T Throws<T>(TestDelegate code) where T : Exception => throw new NotImplementedException();
    }
}
